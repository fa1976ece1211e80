/// One value of a JSON text, with the place where it stands.
///
/// A tree keeps what a decoder would lose: the order of members, duplicates, and how a number is spelled. It
/// is for settings and the admin side; request bodies are scanned in place and never become trees.
public struct JSONValue: Sendable {
    /// What the value is.
    public let content: Content
    /// Where its bytes stand in the text, quotes and brackets included.
    public let range: Range<Int>
    /// Line and column of its first byte.
    public let position: Position

    /// The six kinds of JSON values.
    public enum Content: Sendable {
        /// Members in the order of the text, duplicates kept.
        case object([Member])
        /// Elements in order.
        case array([JSONValue])
        /// A string with its escapes decoded.
        case string(String)
        /// A number as it is spelled: `1.50`, `1e3`.
        case number(String)
        /// `true` or `false`.
        case bool(Bool)
        /// `null`.
        case null
    }

    /// A value by its parts.
    public init(_ content: Content, range: Range<Int>, position: Position) {
        self.content = content
        self.range = range
        self.position = position
    }
}

extension JSONValue {
    /// A name and its value in an object.
    public struct Member: Sendable {
        /// The name with its escapes decoded.
        public let name: String
        /// Line and column of the name's opening quote.
        public let position: Position
        /// The value.
        public let value: JSONValue

        /// A member by its parts.
        public init(name: String, position: Position, value: JSONValue) {
            self.name = name
            self.position = position
            self.value = value
        }
    }

    /// A place in a text, as an editor counts.
    public struct Position: Hashable, Sendable, CustomStringConvertible {
        /// The line, from 1; lines end with a line feed.
        public let line: Int
        /// The column, from 1, in Unicode scalars.
        public let column: Int

        /// A place by line and column, both from 1.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        /// `line:column`, as compilers write it.
        public var description: String { "\(line):\(column)" }
    }
}
