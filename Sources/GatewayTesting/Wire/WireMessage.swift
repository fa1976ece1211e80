package import NIOCore

/// One HTTP message as it stood on the wire: the head's text as sent, the body without chunk framing.
package struct WireMessage: Sendable {
    /// How the end of the body is told.
    package enum Framing: Hashable, Sendable {
        /// There is no body.
        case none
        /// By `Content-Length`.
        case length
        /// By chunks.
        case chunked
        /// By the end of the connection.
        case close
    }

    /// Start line and fields as sent, without the empty line.
    package var head: String
    /// The body, chunk framing removed.
    package var body = ByteBuffer()
    /// How it was framed.
    package var framing = Framing.none
    /// The size of each chunk.
    package var chunks: [Int] = []
    /// What stood between the last chunk and the empty line.
    package var trailers = ""
    /// Whether the message came to its end.
    package var isWhole = false

    /// The first line.
    package var startLine: String { String(lines.first ?? "") }

    /// Every field in order, names as written, values without the white space around them.
    package var fields: [Field] {
        lines.dropFirst().map { line in
            guard let colon = line.firstIndex(of: ":") else { return Field(String(line), "") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return Field(String(line[..<colon]), String(value))
        }
    }

    /// The first value of a field, whatever the case of its name.
    package subscript(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Every value of a field.
    package func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The status code of a reply.
    package var status: Int { Int(startLine.split(separator: " ").dropFirst().first ?? "") ?? 0 }

    /// The method of a request.
    package var method: String { String(startLine.split(separator: " ").first ?? "") }

    /// The target of a request.
    package var target: String { String(startLine.split(separator: " ").dropFirst().first ?? "") }

    /// The body as text.
    package var text: String { String(buffer: body) }

    private var lines: [Substring] {
        head.split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
    }

    /// One field.
    package struct Field: Hashable, Sendable, CustomStringConvertible {
        /// As written.
        package var name: String
        /// As written.
        package var value: String

        /// A field by name and value.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// `Name: value`.
        package var description: String { "\(name): \(value)" }
    }
}
