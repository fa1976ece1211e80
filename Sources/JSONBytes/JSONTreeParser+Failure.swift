extension JSONTreeParser {
    /// Why a text is no JSON.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The kinds that callers tell apart.
        public enum Code: Hashable, Sendable {
            /// A byte that may not stand there, or the text's early end.
            case unexpected
            /// Bytes that are not UTF-8.
            case encoding
            /// A control character inside a string.
            case controlCharacter
            /// An escape that JSON does not know, or half a surrogate pair.
            case escape
            /// A number in a form that JSON does not know.
            case number
            /// Nesting beyond the limit.
            case tooDeep
        }

        /// The kind.
        public let code: Code
        /// The offset of the byte at fault; the text's length where it ends too early.
        public let offset: Int
        /// Line and column of that byte.
        public let position: JSONValue.Position
        /// What stands there: `"}"`, `the end of the text`.
        public let found: String
        /// What may stand there.
        public let allowed: String

        /// One line with place, found and allowed.
        public var description: String {
            "line \(position.line), column \(position.column): found \(found); allowed is \(allowed)"
        }
    }

    /// A failure at the next byte.
    func failure(_ code: Failure.Code, found: String, allowed: String) -> Failure {
        Failure(code: code, offset: offset, position: position, found: found, allowed: allowed)
    }

    /// A failure because of the next byte.
    func unexpected(_ code: Failure.Code = .unexpected, allowed: String) -> Failure {
        failure(code, found: foundNext, allowed: allowed)
    }

    /// The next character in words; a run of letters as a whole, since `nul` says more than `n`.
    private var foundNext: String {
        guard let byte = next else { return "the end of the text" }
        guard byte < 0x80 else { return "a character outside ASCII" }
        guard byte >= 0x20, byte != 0x7F else { return "the control character \(Self.hexadecimal(byte))" }
        let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte | 0x20) }
        guard isLetter(byte) else { return "\"\(Character(Unicode.Scalar(byte)))\"" }
        let word = bytes[offset...].prefix(16).prefix(while: isLetter)
        return "\"\(String(decoding: word, as: UTF8.self))\""
    }

    /// `U+00XX` of a control character.
    static func hexadecimal(_ byte: UInt8) -> String {
        "U+00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
