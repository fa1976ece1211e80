/// UTF-8 by table 3-7 of the Unicode Standard: no overlongs, no surrogates, nothing above U+10FFFF.
extension JSONCursor.TextRule {
    /// Passes a run of characters beyond ASCII and answers where it ends.
    func endOfCharacters(_ bytes: Span<UInt8>, from start: Int) throws(JSONSyntaxError) -> Int {
        var offset = start
        if self == .lenient {
            while offset < bytes.count, bytes[offset] >= 0x80 { offset &+= 1 }
            return offset
        }
        while offset < bytes.count, bytes[offset] >= 0x80 {
            offset = Self.endOfThreeByteRun(bytes, from: offset)
            guard offset < bytes.count, bytes[offset] >= 0x80 else { break }
            let length = bytes.characterLength(at: offset)
            guard length > 0 else {
                throw JSONSyntaxError(.invalidUTF8, offset: offset, found: bytes[offset])
            }
            offset &+= length
        }
        return offset
    }

    /// Passes pairs of three-byte characters, which is what Chinese, Japanese and Korean text consists of.
    @inline(__always)
    private static func endOfThreeByteRun(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset &+ 8 <= bytes.count {
            let word = bytes.word(at: offset)
            guard word & 0x0000_C0C0_F0C0_C0F0 == 0x0000_8080_E080_80E0 else { break }
            // After 0xE0 (overlong below 0xA0) and 0xED (surrogates from 0xA0 on) the second byte needs a
            // look.
            let unclear = (0x2001 as UInt64) &>> (word & 0x0F) | 0x2001 &>> (word &>> 24 & 0x0F)
            guard unclear & 1 == 0 else { break }
            offset &+= 6
        }
        return offset
    }
}

extension Span<UInt8> {
    /// The length of the well-formed character of two to four bytes at an offset, 0 where there is none.
    func characterLength(at offset: Int) -> Int {
        let lead = self[offset]
        func isContinuation(_ index: Int, from low: UInt8 = 0x80, to high: UInt8 = 0xBF) -> Bool {
            offset &+ index < count && self[offset &+ index] >= low && self[offset &+ index] <= high
        }
        switch lead {
        case 0xC2...0xDF:
            return isContinuation(1) ? 2 : 0
        case 0xE0...0xEF:
            let low: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
            let high: UInt8 = lead == 0xED ? 0x9F : 0xBF
            return isContinuation(1, from: low, to: high) && isContinuation(2) ? 3 : 0
        case 0xF0...0xF4:
            let low: UInt8 = lead == 0xF0 ? 0x90 : 0x80
            let high: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
            return isContinuation(1, from: low, to: high) && isContinuation(2) && isContinuation(3) ? 4 : 0
        default:
            return 0
        }
    }
}
