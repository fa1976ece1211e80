import JSONBytes

/// One element of a reply's content list or of its `reasoning_details`.
struct ReplyPart {
    /// Its texts: of `text`, of `summary` (reasoning details), or of `thinking`, which may be a list of
    /// parts.
    private(set) var texts: [JSONString] = []
    /// Whether it is a `thinking` part.
    private(set) var isThinking = false

    /// Reads the object under the cursor and passes it.
    init(_ cursor: inout JSONCursor, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        var thinking: [JSONString] = []
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "type":
                isThinking = try cursor.readString(in: bytes)?.name(in: bytes) == "thinking"
            case "text", "summary":
                if let string = try cursor.readFilledString(in: bytes) { texts.append(string) }
            case "thinking":
                thinking = try Self.readThinking(&cursor, in: bytes)
            default:
                try cursor.skipValue(in: bytes)
            }
        }
        if isThinking { texts = thinking }
    }

    private static func readThinking(
        _ cursor: inout JSONCursor, in bytes: Span<UInt8>
    ) throws(JSONSyntaxError) -> [JSONString] {
        guard cursor.peek(in: bytes) == UInt8(ascii: "[") else {
            return try cursor.readFilledString(in: bytes).map { [$0] } ?? []
        }
        var texts: [JSONString] = []
        try cursor.beginArray(in: bytes)
        while try cursor.nextElement(in: bytes) {
            guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                try cursor.skipValue(in: bytes)
                continue
            }
            try cursor.beginObject(in: bytes)
            while let name = try cursor.nextMember(in: bytes) {
                let isText = name.name(in: bytes) == "text"
                if let string = try cursor.readFilledString(in: bytes), isText { texts.append(string) }
            }
        }
        return texts
    }
}
