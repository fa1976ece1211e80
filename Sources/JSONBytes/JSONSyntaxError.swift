/// Why bytes are no JSON: what was found, where, and what could have stood there.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds that callers and tests tell apart.
    public enum Code: String, Hashable, Sendable {
        /// The bytes end inside a value.
        case unexpectedEnd
        /// A byte that cannot stand there.
        case unexpectedByte
        /// A raw control character (below U+0020) inside a string.
        case controlCharacter
        /// A backslash that begins no escape of RFC 8259.
        case invalidEscape
        /// Bytes that are no UTF-8: overlong, a surrogate, above U+10FFFF, or cut.
        case invalidUTF8
        /// A number that breaks the grammar: a leading zero, a plus, a missing digit.
        case invalidNumber
        /// More containers inside each other than allowed.
        case tooDeep
        /// Something other than white space behind the value.
        case trailingBytes
    }

    /// The kind.
    public let code: Code
    /// Where, in bytes from the beginning.
    public let offset: Int
    /// The byte that was found there, nil at the end.
    public let found: UInt8?

    /// A fault at a place.
    public init(_ code: Code, offset: Int, found: UInt8? = nil) {
        self.code = code
        self.offset = offset
        self.found = found
    }

    /// The fault in words: `unexpected “}” at byte 17`.
    public var description: String {
        switch code {
        case .unexpectedEnd: "the text ends inside a value, at byte \(offset)"
        case .unexpectedByte: "unexpected \(foundText) at byte \(offset)"
        case .controlCharacter: "raw control character \(foundText) in a string at byte \(offset)"
        case .invalidEscape: "invalid escape in a string at byte \(offset)"
        case .invalidUTF8: "invalid UTF-8 in a string at byte \(offset)"
        case .invalidNumber: "invalid number at byte \(offset)"
        case .tooDeep: "nested too deeply at byte \(offset)"
        case .trailingBytes: "\(foundText) behind the value, at byte \(offset)"
        }
    }

    private var foundText: String {
        guard let found else { return "end" }
        guard (0x21...0x7E).contains(found) else { return "byte 0x" + String(found, radix: 16) }
        return "“\(Unicode.Scalar(found))”"
    }
}
