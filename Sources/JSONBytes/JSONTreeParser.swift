/// Reads a whole JSON text into a tree, as strictly as RFC 8259 allows.
///
/// Refused are: comments, trailing commas, a byte order mark, bytes that are not UTF-8, control characters in
/// strings, surrogates without their other half, leading zeros, anything behind the value, and nesting beyond
/// the limit. Duplicate names are kept; whoever gives them a meaning decides.
public struct JSONTreeParser {
    let bytes: [UInt8]
    let depthLimit: Int
    var offset = 0
    /// Bytes of the current line that do not begin a scalar: columns count scalars.
    var continuationBytes = 0
    private var depth = 0
    private var line = 1
    private var lineStart = 0

    private init(_ bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    /// The tree of a text.
    ///
    /// - Parameter depthLimit: how deep arrays and objects may nest, at most 1,000 since the parser recurses.
    /// - Throws: the first fault with its place.
    public static func parse(_ bytes: [UInt8], depthLimit: Int = 128) throws(Failure) -> JSONValue {
        precondition((1...1000).contains(depthLimit))
        var parser = JSONTreeParser(bytes, depthLimit: depthLimit)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw parser.failure(.unexpected, found: "a byte order mark", allowed: "UTF-8 without one")
        }
        parser.skipWhitespace()
        let value = try parser.value(allowed: "a value")
        parser.skipWhitespace()
        guard parser.offset == bytes.count else {
            throw parser.unexpected(allowed: "the end of the text")
        }
        return value
    }

    /// The place of the next byte.
    var position: JSONValue.Position {
        JSONValue.Position(line: line, column: offset - lineStart - continuationBytes + 1)
    }

    /// The next byte, nil at the end.
    var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipWhitespace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            offset += 1
            guard byte == 0x0A else { continue }
            line += 1
            lineStart = offset
            continuationBytes = 0
        }
    }

    /// A value, starting at its first byte.
    private mutating func value(allowed: String) throws(Failure) -> JSONValue {
        let start = offset
        let place = position
        guard let first = next else { throw unexpected(allowed: allowed) }
        let content: JSONValue.Content
        switch first {
        case UInt8(ascii: "{"):
            try descend()
            content = try object()
            depth -= 1
        case UInt8(ascii: "["):
            try descend()
            content = try array()
            depth -= 1
        case UInt8(ascii: "\""): content = .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): content = .number(try number())
        case UInt8(ascii: "t"): content = try word("true", .bool(true), allowed)
        case UInt8(ascii: "f"): content = try word("false", .bool(false), allowed)
        case UInt8(ascii: "n"): content = try word("null", .null, allowed)
        default: throw unexpected(allowed: allowed)
        }
        return JSONValue(content, range: start..<offset, position: place)
    }

    private mutating func descend() throws(Failure) {
        guard depth < depthLimit else {
            throw failure(
                .tooDeep, found: "nesting below level \(depthLimit)", allowed: "\(depthLimit) levels")
        }
        depth += 1
    }

    private mutating func object() throws(Failure) -> JSONValue.Content {
        var members: [JSONValue.Member] = []
        offset += 1
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        while true {
            let place = position
            guard next == UInt8(ascii: "\"") else {
                throw unexpected(allowed: members.isEmpty ? "a name in quotes or \"}\"" : "a name in quotes")
            }
            let name = try string()
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw unexpected(allowed: "\":\"") }
            skipWhitespace()
            members.append(
                JSONValue.Member(name: name, position: place, value: try value(allowed: "a value")))
            skipWhitespace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw unexpected(allowed: "\",\" or \"}\"") }
            skipWhitespace()
        }
    }

    private mutating func array() throws(Failure) -> JSONValue.Content {
        var elements: [JSONValue] = []
        offset += 1
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value(allowed: elements.isEmpty ? "a value or \"]\"" : "a value"))
            skipWhitespace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected(allowed: "\",\" or \"]\"") }
            skipWhitespace()
        }
    }

    private mutating func word(
        _ word: String, _ content: JSONValue.Content, _ allowed: String
    ) throws(Failure) -> JSONValue.Content {
        guard bytes[offset...].starts(with: word.utf8) else { throw unexpected(allowed: allowed) }
        offset += word.utf8.count
        return content
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }
}
