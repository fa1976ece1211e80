/// RFC 8259 read slowly, one byte at a time and by another hand than the cursor: what both accept is right or
/// both are wrong in the same way.
struct ReferenceRecogniser {
    private var rest: ArraySlice<UInt8>
    private let maxDepth: Int

    /// Whether the bytes are one JSON text of at most `maxDepth` containers inside each other.
    static func accepts(_ bytes: [UInt8], maxDepth: Int = 128) -> Bool {
        var reader = ReferenceRecogniser(rest: bytes[...], maxDepth: maxDepth)
        return reader.value(depth: 0) && reader.rest.isEmpty
    }

    private mutating func spaces() {
        while let byte = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { rest.removeFirst() }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard rest.starts(with: word.utf8) else { return false }
        rest.removeFirst(word.utf8.count)
        return true
    }

    private mutating func value(depth: Int) -> Bool {
        spaces()
        defer { spaces() }
        switch rest.first {
        case UInt8(ascii: "{")?: return depth < maxDepth && object(depth: depth + 1)
        case UInt8(ascii: "[")?: return depth < maxDepth && array(depth: depth + 1)
        case UInt8(ascii: "\"")?: return string()
        case UInt8(ascii: "t")?: return take(word: "true")
        case UInt8(ascii: "f")?: return take(word: "false")
        case UInt8(ascii: "n")?: return take(word: "null")
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> Bool {
        guard take("{") else { return false }
        spaces()
        if take("}") { return true }
        repeat {
            spaces()
            guard string() else { return false }
            spaces()
            guard take(":"), value(depth: depth) else { return false }
        } while take(",")
        return take("}")
    }

    private mutating func array(depth: Int) -> Bool {
        guard take("[") else { return false }
        spaces()
        if take("]") { return true }
        repeat {
            guard value(depth: depth) else { return false }
        } while take(",")
        return take("]")
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return String(validating: content, as: UTF8.self) != nil
            case UInt8(ascii: "\\"):
                guard let kind = rest.popFirst() else { return false }
                if kind == UInt8(ascii: "u") {
                    let digits = rest.prefix(4)
                    let isHex = { (byte: UInt8) in Unicode.Scalar(byte).properties.isASCIIHexDigit }
                    guard digits.count == 4, digits.allSatisfy(isHex) else { return false }
                    rest.removeFirst(4)
                } else if !"\"\\/bfnrt".utf8.contains(kind) {
                    return false
                }
            case 0..<0x20:
                return false
            default:
                content.append(byte)
            }
        }
        return false
    }

    private mutating func digits() -> Bool {
        let count = rest.prefix { (0x30...0x39).contains($0) }.count
        rest.removeFirst(count)
        return count > 0
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") { guard digits() else { return false } }
        if take(".") { guard digits() else { return false } }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() else { return false }
        }
        return true
    }
}
