/// The text that a string stands for: escapes decoded, a lone surrogate read as U+FFFD.
extension JSONString {
    /// The name for a switch, escapes decoded; over 24 bytes it equals nothing.
    public func name(in bytes: Span<UInt8>) -> JSONName {
        if hasEscapes {
            var decoded: [UInt8] = []
            append(to: &decoded, in: bytes)
            return JSONName(decoded.span, 0..<decoded.count)
        }
        return JSONName(bytes, content)
    }

    /// The text; bytes that are no UTF-8 read as U+FFFD.
    public func text(in bytes: Span<UInt8>) -> String {
        var decoded: [UInt8] = []
        append(to: &decoded, in: bytes)
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Appends the text to bytes; bytes that are no UTF-8 stay as they are.
    ///
    /// - Returns: whether it stands for text exactly, that is, holds no lone surrogate.
    @discardableResult
    public func append(to output: inout [UInt8], in bytes: Span<UInt8>) -> Bool {
        guard hasEscapes else {
            output.append(bytes, content)
            return true
        }
        var isExact = true
        var index = content.lowerBound
        while index < content.upperBound {
            let run = endOfRun(in: bytes, from: index)
            if run > index { output.append(bytes, index..<run) }
            index = run
            guard index < content.upperBound else { break }
            let scalar = decodeEscape(in: bytes, at: &index)
            if scalar == nil { isExact = false }
            output.append(scalar ?? "\u{FFFD}")
        }
        return isExact
    }

    /// Hands over the text piece by piece, in order, without copying what needs no decoding.
    public func forEachPiece(in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        guard hasEscapes else { return body(bytes.extracting(content)) }
        var scratch: [UInt8] = []
        var index = content.lowerBound
        while index < content.upperBound {
            let run = endOfRun(in: bytes, from: index)
            if run > index { body(bytes.extracting(index..<run)) }
            index = run
            while index < content.upperBound, bytes[index] == UInt8(ascii: "\\") {
                scratch.append(decodeEscape(in: bytes, at: &index) ?? "\u{FFFD}")
            }
            if !scratch.isEmpty { body(scratch.span) }
            scratch.removeAll(keepingCapacity: true)
        }
    }

    /// The next backslash, or the end of the content.
    private func endOfRun(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index &+ 8 <= content.upperBound {
            let marks = (bytes.word(at: index) ^ .everyByte(0x5C)).zeroBytes
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < content.upperBound, bytes[index] != UInt8(ascii: "\\") { index &+= 1 }
        return index
    }

    /// Decodes the escape under the index and passes it, with its other half where it is a pair; nil for a
    /// lone half.
    private func decodeEscape(in bytes: Span<UInt8>, at index: inout Int) -> Unicode.Scalar? {
        let kind = bytes[index &+ 1]
        guard kind == UInt8(ascii: "u") else {
            index &+= 2
            return Self.simpleEscape(kind)
        }
        let unit = codeUnit(in: bytes, at: index)
        index &+= 6
        guard 0xD800...0xDFFF ~= unit else { return Unicode.Scalar(unit) }
        guard unit < 0xDC00, index &+ 6 <= content.upperBound, bytes[index] == UInt8(ascii: "\\"),
            bytes[index &+ 1] == UInt8(ascii: "u")
        else { return nil }
        let second = codeUnit(in: bytes, at: index)
        guard 0xDC00...0xDFFF ~= second else { return nil }
        index &+= 6
        return Unicode.Scalar(0x10000 &+ (unit &- 0xD800) << 10 &+ (second &- 0xDC00))
    }

    private func codeUnit(in bytes: Span<UInt8>, at index: Int) -> UInt32 {
        var unit: UInt32 = 0
        for digit in 2..<6 {
            let byte = bytes[index &+ digit]
            // Letters have bit 6 set and a low nibble from 1 on.
            unit = unit << 4 | UInt32(byte & 0x0F &+ (byte >> 6) &* 9)
        }
        return unit
    }

    private static func simpleEscape(_ kind: UInt8) -> Unicode.Scalar {
        switch kind {
        case UInt8(ascii: "b"): "\u{8}"
        case UInt8(ascii: "f"): "\u{C}"
        case UInt8(ascii: "n"): "\n"
        case UInt8(ascii: "r"): "\r"
        case UInt8(ascii: "t"): "\t"
        default: Unicode.Scalar(kind)
        }
    }
}
