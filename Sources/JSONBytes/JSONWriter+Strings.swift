extension JSONWriter {
    /// Appends a string with its quotes; only what must be escaped is.
    public static func appendString(_ value: String, to bytes: inout [UInt8]) {
        appendString(utf8: value.utf8, to: &bytes)
    }

    /// Appends a string with its quotes, from bytes that are known to be UTF-8.
    public static func appendString(utf8 text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(utf8: text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends the inside of a string, without quotes, from bytes that are known to be UTF-8: for splices
    /// into a string that stands already.
    public static func appendEscaped(utf8 text: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(escaped: byte, to: &bytes)
            case 0x0A: append(escaped: UInt8(ascii: "n"), to: &bytes)
            case 0x0D: append(escaped: UInt8(ascii: "r"), to: &bytes)
            case 0x09: append(escaped: UInt8(ascii: "t"), to: &bytes)
            case 0x00..<0x20: append(controlCharacter: byte, to: &bytes)
            default: bytes.append(byte)
            }
        }
    }

    private static func append(escaped byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
    }

    private static func append(controlCharacter byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "\\u00".utf8)
        for digit in [byte >> 4, byte & 0x0F] {
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
