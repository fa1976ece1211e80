import JSONBytes
public import NIOCore

extension ByteBuffer {
    /// Writes a text as a JSON string: quotes, backslashes and control characters escaped, all else as it is.
    public mutating func writeJSONString(_ text: String) {
        let bytes = text.utf8.span
        var output: [UInt8] = [UInt8(ascii: "\"")]
        var start = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            output.append(bytes, start..<index)
            output.appendEscape(byte)
            start = index + 1
        }
        output.append(bytes, start..<bytes.count)
        output.append(UInt8(ascii: "\""))
        writeBytes(output)
    }
}

extension [UInt8] {
    fileprivate mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
        case UInt8(ascii: "\n"): append(contentsOf: #"\n"#.utf8)
        case UInt8(ascii: "\r"): append(contentsOf: #"\r"#.utf8)
        case UInt8(ascii: "\t"): append(contentsOf: #"\t"#.utf8)
        default: append(contentsOf: (#"\u00"# + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)).utf8)
        }
    }
}
