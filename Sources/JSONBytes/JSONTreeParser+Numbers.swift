extension JSONTreeParser {
    /// A number's spelling, starting at its sign or first digit.
    mutating func number() throws(Failure) -> String {
        let start = offset
        if next == UInt8(ascii: "-") { offset += 1 }
        if next == UInt8(ascii: "0") {
            offset += 1
            if let byte = next, Self.isDigit(byte) {
                throw failure(.number, found: "a digit behind a leading zero", allowed: "no leading zeros")
            }
        } else {
            try digits()
        }
        if next == UInt8(ascii: ".") {
            offset += 1
            try digits()
        }
        if let byte = next, byte | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if let sign = next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// One digit or more.
    private mutating func digits() throws(Failure) {
        guard let byte = next, Self.isDigit(byte) else { throw unexpected(.number, allowed: "a digit") }
        while let byte = next, Self.isDigit(byte) { offset += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
