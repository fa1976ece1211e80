/// Numbers: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
extension JSONCursor {
    /// Passes a number; the cursor stands on its first byte.
    public mutating func skipNumber(in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        let negative = peek(in: bytes) == UInt8(ascii: "-")
        if negative { offset &+= 1 }
        guard let leading = peek(in: bytes), isDigit(leading) else {
            // Without a minus the byte may have been meant as any value.
            throw negative ? invalidNumber(in: bytes) : unexpected(in: bytes)
        }
        offset &+= 1
        if leading == UInt8(ascii: "0") {
            if let next = peek(in: bytes), isDigit(next) { throw invalidNumber(in: bytes) }
        } else {
            skipDigits(in: bytes)
        }
        if peek(in: bytes) == UInt8(ascii: ".") {
            offset &+= 1
            try requireDigits(in: bytes)
        }
        if let exponent = peek(in: bytes), exponent | 0x20 == UInt8(ascii: "e") {
            offset &+= 1
            if let sign = peek(in: bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                offset &+= 1
            }
            try requireDigits(in: bytes)
        }
    }

    /// Passes a number and gives its value where it is a whole one that fits, also written `1e3` or `2.0`;
    /// else nil.
    public mutating func readInteger(in bytes: Span<UInt8>) throws(JSONSyntaxError) -> Int? {
        let start = offset
        try skipNumber(in: bytes)
        let text = bytes.extracting(start..<offset)
        var value = 0
        for index in 0..<text.count where !(index == 0 && text[0] == UInt8(ascii: "-")) {
            guard isDigit(text[index]) else { return Self.wholeNumber(text) }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int(text[index] & 0x0F))
            if overflow || carry { return nil }
            value = sum
        }
        return text[0] == UInt8(ascii: "-") ? -value : value
    }

    private static func wholeNumber(_ text: Span<UInt8>) -> Int? {
        var digits = ""
        for index in 0..<text.count { digits.unicodeScalars.append(Unicode.Scalar(text[index])) }
        return Double(digits).flatMap { Int(exactly: $0) }
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    private mutating func skipDigits(in bytes: Span<UInt8>) {
        while offset < bytes.count, isDigit(bytes[offset]) { offset &+= 1 }
    }

    private mutating func requireDigits(in bytes: Span<UInt8>) throws(JSONSyntaxError) {
        guard let byte = peek(in: bytes), isDigit(byte) else { throw invalidNumber(in: bytes) }
        skipDigits(in: bytes)
    }

    private func invalidNumber(in bytes: Span<UInt8>) -> JSONSyntaxError {
        guard let byte = peek(in: bytes) else { return JSONSyntaxError(.unexpectedEnd, offset: offset) }
        return JSONSyntaxError(.invalidNumber, offset: offset, found: byte)
    }
}
