extension JSONTreeParser {
    /// A string, starting at its opening quote.
    mutating func string() throws(Failure) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try escape(into: &text)
            case 0x20..<0x80:
                text.append(byte)
                offset += 1
            case 0x80...:
                try character(into: &text)
            default:
                throw failure(
                    .controlCharacter, found: "the control character \(Self.hexadecimal(byte)) in a string",
                    allowed: "its escape")
            }
        }
        throw unexpected(allowed: "the string's closing quote")
    }

    /// A character outside ASCII: well-formed UTF-8 by table 3-7 of the Unicode standard.
    private mutating func character(into text: inout [UInt8]) throws(Failure) {
        let lead = bytes[offset]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            // Longer spellings of shorter forms, and surrogates, are not UTF-8.
            if lead == 0xE0 { second = 0xA0...0xBF }
            if lead == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { second = 0x90...0xBF }
            if lead == 0xF4 { second = 0x80...0x8F }
        default: throw notUTF8
        }
        guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { throw notUTF8 }
        for byte in bytes[(offset + 2)..<(offset + length)] where byte & 0xC0 != 0x80 { throw notUTF8 }
        text.append(contentsOf: bytes[offset..<(offset + length)])
        offset += length
        continuationBytes += length - 1
    }

    private var notUTF8: Failure {
        failure(.encoding, found: "bytes that are not UTF-8", allowed: "UTF-8")
    }

    /// An escape, starting at its backslash.
    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        offset += 1
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[offset])
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            offset += 1
            text.append(contentsOf: String(try escapedScalar()).utf8)
            return
        default: throw unexpected(.escape, allowed: "one of \" \\ / b f n r t u behind a backslash")
        }
        offset += 1
    }

    /// The scalar of a `\u` escape, or of two that make a pair.
    private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
        let start = offset
        let first = try fourDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, bytes[offset...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            offset += 2
            let second = try fourDigits()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        offset = start
        throw failure(.escape, found: "half a surrogate pair", allowed: "both halves")
    }

    private mutating func fourDigits() throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else {
                throw unexpected(.escape, allowed: "four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }
}
