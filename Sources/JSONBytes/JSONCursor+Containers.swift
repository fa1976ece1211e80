/// Objects and arrays, one member or element at a time.
///
/// Whether a member is the first is told by the byte before the cursor, so between two calls the caller
/// passes the value that was announced and nothing else, no white space either.
extension JSONCursor {
    /// Passes `{`; members follow by `nextMember`.
    public mutating func beginObject(in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        try open(UInt8(ascii: "{"), in: bytes)
    }

    /// Passes a member's name and colon and stands on its value; or passes `}` and answers nil.
    public mutating func nextMember(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONString? {
        guard try advance(behind: UInt8(ascii: "{"), closing: UInt8(ascii: "}"), in: bytes) else {
            return nil
        }
        guard peek(in: bytes) == UInt8(ascii: "\"") else { throw unexpected(in: bytes) }
        let name = try skipString(in: bytes)
        skipWhitespace(in: bytes)
        guard peek(in: bytes) == UInt8(ascii: ":") else { throw unexpected(in: bytes) }
        offset &+= 1
        skipWhitespace(in: bytes)
        return name
    }

    /// Passes `[`; elements follow by `nextElement`.
    public mutating func beginArray(in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        try open(UInt8(ascii: "["), in: bytes)
    }

    /// Stands on the next element and answers true; or passes `]` and answers false.
    public mutating func nextElement(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> Bool {
        try advance(behind: UInt8(ascii: "["), closing: UInt8(ascii: "]"), in: bytes)
    }

    private mutating func open(_ bracket: UInt8, in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard peek(in: bytes) == bracket else { throw unexpected(in: bytes) }
        guard levels > 0 else { throw JSONSyntaxError(.tooDeep, offset: offset, found: bracket) }
        levels &-= 1
        offset &+= 1
    }

    @inline(__always)
    private mutating func advance(
        behind opening: UInt8, closing: UInt8, in bytes: Span<UInt8>
    ) throws(JSONSyntaxError) -> Bool {
        let isFirst = bytes[offset &- 1] == opening
        skipWhitespace(in: bytes)
        let byte = peek(in: bytes)
        if byte == closing {
            offset &+= 1
            levels &+= 1
            return false
        }
        if isFirst { return true }
        guard byte == UInt8(ascii: ",") else { throw unexpected(in: bytes) }
        offset &+= 1
        skipWhitespace(in: bytes)
        return true
    }
}
