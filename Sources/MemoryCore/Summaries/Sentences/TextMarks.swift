/// What a scalar is to somebody who looks for sentences and words: rough, of all scripts, and quick.
enum TextMarks {
    /// Control characters, those that end lines, and those that turn the direction of writing.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    static func isNewline(_ value: UInt32) -> Bool {
        switch value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func isSpace(_ value: UInt32) -> Bool {
        switch value {
        case 0x20, 0x09...0x0D, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            true
        default: false
        }
    }

    /// Digits of the scripts that chats are written in.
    static func isDigit(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x660...0x669, 0x6F0...0x6F9, 0x966...0x96F, 0x9E6...0x9EF, 0xE50...0xE59,
            0xFF10...0xFF19:
            true
        default: false
        }
    }

    /// Letters, marks and digits.
    static func isWord(_ value: UInt32) -> Bool {
        switch value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0..<0xAA: false
        case 0xAA, 0xB5, 0xBA: true
        case 0xAB..<0xC0, 0xD7, 0xF7, 0x37E, 0x387, 0x55A...0x55F, 0x589, 0x60C, 0x61B...0x61F,
            0x66A...0x66D, 0x6D4, 0x964, 0x965, 0x970, 0xE4F, 0xE5A, 0xE5B, 0x104A...0x104F,
            0x1361...0x1368, 0x17D4...0x17DA:
            false
        case 0xC0..<0x2000: true
        case 0x2000..<0x2C00, 0x2E00..<0x3005, 0x3006, 0x3008..<0x3041, 0x30FB: false
        case 0xFE10..<0xFE70, 0xFF00..<0xFF10, 0xFF1A..<0xFF21, 0xFF3B..<0xFF41, 0xFF5B..<0xFF66: false
        case 0xE000..<0xF900, 0x1F000..<0x20000, 0xE0000...: false
        default: true
        }
    }

    /// Letters of scripts that put no spaces between words, and of hangul, whose words grow endings: there a
    /// word is looked for within others.
    static func isUnspaced(_ value: UInt32) -> Bool {
        switch value {
        case 0xE00...0xE4E, 0x0E80...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17D3,
            0x3005...0x3007, 0x3041...0x30FA, 0x30FC...0x318F, 0x3400...0x9FFF, 0xAC00...0xD7FF,
            0xF900...0xFAFF, 0xFF66...0xFF9F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    /// Capitals of Latin, Greek, Cyrillic and Armenian script.
    static func isCapital(_ value: UInt32) -> Bool {
        switch value {
        case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x386...0x38F, 0x391...0x3AB, 0x400...0x42F,
            0x531...0x556:
            true
        case 0x100...0x137, 0x14A...0x177: value & 1 == 0
        case 0x139...0x148, 0x179...0x17E: value & 1 == 1
        default: false
        }
    }

    /// A letter without its capital form; others as they are.
    static func lowered(_ value: UInt32) -> UInt32 {
        guard isCapital(value) else { return value }
        return switch value {
        case 0x41...0xDE: value + 32
        case 0x100...0x17E: value + 1
        case 0x386: 0x3AC
        case 0x388...0x38A: value + 37
        case 0x38C: 0x3CC
        case 0x38E, 0x38F: value + 63
        case 0x391...0x3AB, 0x410...0x42F: value + 32
        case 0x400...0x40F: value + 80
        default: value + 48
        }
    }

    /// Marks that end a sentence wherever they stand.
    static func endsSentence(_ value: UInt32) -> Bool {
        switch value {
        case 0x3002, 0xFF01, 0xFF1F, 0xFF61, 0xFF0E, 0x61F, 0x6D4, 0x964, 0x965, 0x589, 0x1362, 0x104B,
            0x17D4:
            true
        default: false
        }
    }

    static func asks(_ value: UInt32) -> Bool { value == 0x3F || value == 0xFF1F || value == 0x61F }

    /// Whether `;` behind this letter is Greek's question mark.
    static func isGreek(_ value: UInt32) -> Bool {
        (0x386...0x3FF).contains(value) || (0x1F00...0x1FFF).contains(value)
    }

    /// Chinese and Japanese letters and marks: no space stands behind them.
    static func isWide(_ value: UInt32) -> Bool {
        (0x3000..<0xAC00).contains(value) || (0xFF00..<0xFFEF).contains(value)
    }

    /// Marks at which a sentence that is too long may be parted.
    static func endsClause(_ value: UInt32) -> Bool {
        switch value {
        case 0x2C, 0x3B, 0xFF0C, 0xFF1B, 0x3001, 0x60C, 0x61B, 0x2014: true
        default: false
        }
    }

    /// Quotes, brackets and emphasis that close what ends before them.
    static func closes(_ value: UInt32) -> Bool {
        switch value {
        case 0x22, 0x27, 0x29, 0x2A, 0x5D, 0x5F, 0x7D, 0xBB, 0x2019, 0x201D, 0x300B, 0x300D, 0x300F, 0x3011,
            0xFF09, 0xFF3D:
            true
        default: false
        }
    }

    /// What closes a quotation that opens so; nil where none does.
    static func closing(of value: UInt32) -> UInt32? {
        switch value {
        case 0x22: 0x22
        case 0xAB: 0xBB
        case 0x201C, 0x201E: 0x201D
        case 0x300A: 0x300B
        case 0x300C: 0x300D
        case 0x300E: 0x300F
        default: nil
        }
    }
}

extension Span<UInt8> {
    /// The scalar at a place of UTF-8 that is known to be whole, and how many bytes it takes.
    func scalar(at place: Int) -> (value: UInt32, length: Int) {
        let lead = UInt32(self[place])
        if lead < 0x80 { return (lead, 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard place + length <= count else { return (0xFFFD, 1) }
        var value = lead & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { value = value << 6 | UInt32(self[place + offset] & 0x3F) }
        return (value, length)
    }

    /// The scalar that ends before a place; nil at the start.
    func scalar(before place: Int) -> UInt32? {
        guard place > 0 else { return nil }
        var start = place - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(at: start).value
    }
}
