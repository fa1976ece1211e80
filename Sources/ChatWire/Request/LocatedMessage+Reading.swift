public import JSONBytes
public import NIOCore

extension LocatedMessage {
    /// Locates the members of a message that stands alone in a buffer, as the store holds it.
    public init(in message: ByteBuffer) throws(JSONSyntaxError) {
        let bytes = message.readableBytesUInt8Span
        var cursor = JSONCursor(text: .lenient)
        cursor.skipWhitespace(in: bytes)
        try self.init(&cursor, in: bytes)
        try cursor.expectEnd(in: bytes)
    }

    /// Locates the members of the message under the cursor and passes it. Of repeated members the last one
    /// counts.
    init(_ cursor: inout JSONCursor, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        self.init(at: cursor.offset)
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "role":
                let role = try cursor.readString(in: bytes)
                hasRole = role != nil
                self.role = role.map { Role($0.name(in: bytes)) } ?? .other
            case "content":
                content = try Self.readContent(&cursor, in: bytes)
            case "tool_calls":
                toolCalls = try cursor.readFilledContainer(UInt8(ascii: "["), in: bytes)
            case "function_call":
                functionCall = try cursor.readFilledContainer(UInt8(ascii: "{"), in: bytes)
            case "tool_call_id":
                toolCallID = try cursor.readString(in: bytes)
            case "name":
                self.name = try cursor.readString(in: bytes)
            default:
                try cursor.skipValue(in: bytes)
            }
        }
        range = range.lowerBound..<cursor.offset
    }

    private static func readContent(
        _ cursor: inout JSONCursor, in bytes: Span<UInt8>
    ) throws(JSONSyntaxError) -> Content {
        let start = cursor.offset
        switch cursor.peek(in: bytes) {
        case UInt8(ascii: "\"")?:
            return .string(try cursor.skipString(in: bytes))
        case UInt8(ascii: "n")?:
            try cursor.skipValue(in: bytes)
            return .null
        case UInt8(ascii: "[")?:
            try cursor.skipValue(in: bytes)
            return .parts(start..<cursor.offset)
        default:
            try cursor.skipValue(in: bytes)
            return .other(start..<cursor.offset)
        }
    }
}
