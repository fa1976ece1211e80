/// Strings: eight bytes at a time up to the next byte that needs a look.
extension JSONCursor {
    /// Passes a string and says where its content lies; the cursor stands on the opening quote.
    public mutating func skipString(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONString {
        guard peek(in: bytes) == UInt8(ascii: "\"") else { throw unexpected(in: bytes) }
        let start = offset &+ 1
        var hasEscapes = false
        offset = start
        while true {
            offset = Self.endOfPlainText(bytes, from: offset)
            guard offset < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, offset: offset) }
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") { break }
            if byte >= 0x80 {
                offset = try text.endOfCharacters(bytes, from: offset)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                offset = try Self.endOfEscapes(bytes, from: offset)
            } else {
                throw JSONSyntaxError(.controlCharacter, offset: offset, found: byte)
            }
        }
        let end = offset
        offset = end &+ 1
        return JSONString(content: start..<end, hasEscapes: hasEscapes)
    }

    /// The first quote, backslash, control character or byte from 0x80 on.
    @inline(__always)
    private static func endOfPlainText(_ bytes: Span<UInt8>, from offset: Int) -> Int {
        var offset = offset
        while offset &+ 8 <= bytes.count {
            let word = bytes.word(at: offset)
            let quotes = (word ^ .everyByte(0x22)).zeroBytes
            let backslashes = (word ^ .everyByte(0x5C)).zeroBytes
            let controls = (word &- .everyByte(0x20)) & ~word
            // A false mark of these tests lies above a true one, so the lowest mark is right.
            let marks = (quotes | backslashes | controls | word) & .everyByte(0x80)
            if marks != 0 { return offset &+ marks.trailingZeroBitCount >> 3 }
            offset &+= 8
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { return offset }
            offset &+= 1
        }
        return offset
    }

    /// Passes a run of escapes. Lone surrogates are within the grammar of RFC 8259 and pass.
    private static func endOfEscapes(_ bytes: Span<UInt8>, from start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        while offset &+ 8 <= bytes.count {
            let word = bytes.word(at: offset)
            guard UInt16(truncatingIfNeeded: word) == 0x755C,
                UInt32(truncatingIfNeeded: word >> 16).isHexDigits
            else { break }
            offset &+= 6
        }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\\") else { return offset }
        guard offset &+ 1 < bytes.count else { throw JSONSyntaxError(.unexpectedEnd, offset: offset &+ 1) }
        switch bytes[offset &+ 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return offset &+ 2
        case UInt8(ascii: "u"):
            guard offset &+ 6 <= bytes.count else {
                throw JSONSyntaxError(.unexpectedEnd, offset: bytes.count)
            }
            let digits = UInt32(truncatingIfNeeded: bytes.partialWord(at: offset &+ 2, count: 4))
            guard digits.isHexDigits else { throw JSONSyntaxError(.invalidEscape, offset: offset) }
            return offset &+ 6
        default:
            throw JSONSyntaxError(.invalidEscape, offset: offset, found: bytes[offset &+ 1])
        }
    }
}

extension UInt32 {
    /// Whether its four bytes are ASCII hex digits.
    @inline(__always)
    var isHexDigits: Bool {
        // With every byte below 0x80 the additions cannot carry from one byte into the next.
        let tops: UInt32 = 0x8080_8080
        guard self & tops == 0 else { return false }
        let lower = self | 0x2020_2020
        let digits = (self &+ 0x5050_5050) & ~(self &+ 0x4646_4646)
        let letters = (lower &+ 0x1F1F_1F1F) & ~(lower &+ 0x1919_1919)
        return (digits | letters) & tops == tops
    }
}
