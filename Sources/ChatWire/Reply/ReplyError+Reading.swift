import JSONBytes

extension ReplyError {
    /// Reads an error: an object with `message` and `code`, a text, or anything else, which stands for
    /// itself.
    init(at start: Int, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        var cursor = JSONCursor(at: start, text: .lenient)
        guard bytes[start] == UInt8(ascii: "{") else {
            self.init(message: try cursor.readAsText(in: bytes))
            return
        }
        var message: String?
        var code: String?
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "message": message = try cursor.readAsText(in: bytes)
            case "code":
                let text = try cursor.readAsText(in: bytes)
                code = text == "null" ? nil : text
            default: try cursor.skipValue(in: bytes)
            }
        }
        self.init(message: message ?? "null", code: code)
    }
}

extension JSONCursor {
    /// A string's text, or any other value as it is written.
    fileprivate mutating func readAsText(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> String {
        let start = offset
        if peek(in: bytes) == UInt8(ascii: "\"") { return try skipString(in: bytes).text(in: bytes) }
        try skipValue(in: bytes)
        var raw: [UInt8] = []
        raw.append(bytes, start..<offset)
        return String(decoding: raw, as: UTF8.self)
    }
}
