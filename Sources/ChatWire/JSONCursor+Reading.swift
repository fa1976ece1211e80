import JSONBytes

/// Members that are wanted in one type: any other value is passed and answered with nil.
extension JSONCursor {
    /// A string.
    mutating func readString(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONString? {
        if peek(in: bytes) == UInt8(ascii: "\"") { return try skipString(in: bytes) }
        try skipValue(in: bytes)
        return nil
    }

    /// A string that is not empty.
    mutating func readFilledString(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONString? {
        guard let string = try readString(in: bytes), !string.isEmpty else { return nil }
        return string
    }

    /// Where an object begins, which is passed.
    mutating func readObjectStart(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> Int? {
        let start = offset
        try skipValue(in: bytes)
        return bytes[start] == UInt8(ascii: "{") ? start : nil
    }

    /// Where a value begins that says something: not null, false, zero, or empty; it is passed.
    mutating func readTruthy(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> Int? {
        let start = offset
        switch peek(in: bytes) {
        case UInt8(ascii: "{")?, UInt8(ascii: "[")?:
            return try readFilledContainer(bytes[start], in: bytes)?.lowerBound
        case UInt8(ascii: "\"")?:
            return try skipString(in: bytes).isEmpty ? nil : start
        case UInt8(ascii: "t")?:
            try skipValue(in: bytes)
            return start
        case UInt8(ascii: "n")?, UInt8(ascii: "f")?:
            try skipValue(in: bytes)
            return nil
        default:
            return try readInteger(in: bytes) == 0 ? nil : start
        }
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
