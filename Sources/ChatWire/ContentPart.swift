import JSONBytes

/// One element of a content list.
struct ContentPart {
    /// What it holds.
    enum Kind {
        case text
        case image
        case audio
        case file
        case other
    }

    private(set) var kind: Kind = .other
    /// The text of a text part.
    private(set) var text: JSONString?

    /// Reads the object under the cursor and passes it. Its members may stand in any order.
    init(_ cursor: inout JSONCursor, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        var type: JSONName?
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "type": type = try cursor.readString(in: bytes)?.name(in: bytes)
            case "text", "refusal": text = try cursor.readString(in: bytes) ?? text
            default: try cursor.skipValue(in: bytes)
            }
        }
        switch type {
        case "text"?, "input_text"?, "output_text"?, "refusal"?: kind = .text
        case "image_url"?, "input_image"?, "image"?: kind = .image
        case "input_audio"?, "audio"?: kind = .audio
        case "file"?, "input_file"?: kind = .file
        case nil where text != nil: kind = .text
        default: kind = .other
        }
    }
}
