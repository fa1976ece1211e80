import JSONBytes

/// Members that are wanted in one type: any other value is passed and answered with nil.
extension JSONCursor {
    /// A string.
    mutating func readString(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONString? {
        if peek(in: bytes) == UInt8(ascii: "\"") { return try skipString(in: bytes) }
        try skipValue(in: bytes)
        return nil
    }

    /// A string's text.
    mutating func readText(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> String? {
        try readString(in: bytes)?.text(in: bytes)
    }

    /// A whole number.
    mutating func readWholeNumber(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> Int? {
        switch peek(in: bytes) {
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try readInteger(in: bytes)
        default:
            try skipValue(in: bytes)
            return nil
        }
    }

    /// `true` or `false`.
    mutating func readBoolean(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> Bool? {
        let first = peek(in: bytes)
        try skipValue(in: bytes)
        switch first {
        case UInt8(ascii: "t")?: return true
        case UInt8(ascii: "f")?: return false
        default: return nil
        }
    }

    /// Where a list (`[`) or object (`{`) lies that holds something.
    mutating func readFilledContainer(
        _ bracket: UInt8, in bytes: Span<UInt8>
    ) throws(JSONSyntaxError) -> Range<Int>? {
        let start = offset
        try skipValue(in: bytes)
        guard bytes[start] == bracket else { return nil }
        var inside = JSONCursor(at: start + 1)
        inside.skipWhitespace(in: bytes)
        return inside.offset == offset - 1 ? nil : start..<offset
    }
}
