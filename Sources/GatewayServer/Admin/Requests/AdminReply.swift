internal import ChatWire
internal import HTTPTypes
internal import Hummingbird
internal import JSONBytes
internal import MemoryCore

/// What a call answers with.
struct AdminReply: Sendable {
    static let json = "application/json"

    var status = 200
    var body: ByteBuffer
    var mediaType: String
    var fields: [(String, String)] = []

    /// Bytes of some media type.
    init(status: Int = 200, body: ByteBuffer, mediaType: String, fields: [(String, String)] = []) {
        self.status = status
        self.body = body
        self.mediaType = mediaType
        self.fields = fields
    }

    /// A JSON object whose members the closure writes.
    init(status: Int = 200, object members: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object(members)
        self.init(status: status, body: ByteBuffer(bytes: writer.bytes), mediaType: Self.json)
    }

    /// One object.
    init(status: Int = 200, _ object: some AdminObject) {
        self.init(status: status) { object.writeMembers(to: &$0) }
    }

    /// A list, or a page of one.
    ///
    /// - Parameters:
    ///   - next: where the next page begins; nil where this is the last one.
    ///   - counts: further members, such as `total`.
    init(
        list objects: [some AdminObject], next: AdminCursor? = nil, counts: [(name: String, count: Int)] = []
    ) {
        self.init { writer in
            writer.member("data") { writer in
                writer.array { writer in
                    for object in objects { writer.object { object.writeMembers(to: &$0) } }
                }
            }
            writer.member("next_cursor", orNull: next?.text)
            for (name, count) in counts { writer.member(name, count) }
        }
    }

    /// As the library sends it.
    var response: Response {
        var headers = HTTPFields()
        headers[.contentType] = mediaType
        // What was said is nobody's to keep.
        headers[.cacheControl] = "no-store"
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: ResponseBody(byteBuffer: body))
    }
}

/// An object of the API: what the API promises of it, member by member.
protocol AdminObject: Sendable {
    /// Writes all members; one without a value is null, never absent.
    func writeMembers(to writer: inout JSONWriter)
}

extension JSONWriter {
    /// A string, or null.
    mutating func member(_ name: String, orNull value: String?) {
        member(name) { if let value { $0.string(value) } else { $0.null() } }
    }

    /// A whole number, or null.
    mutating func member(_ name: String, orNull value: Int?) {
        member(name) { if let value { $0.integer(value) } else { $0.null() } }
    }

    /// Milliseconds with their fraction, from microseconds; or null.
    mutating func member(_ name: String, milliseconds value: Int64?) {
        member(name) { writer in
            guard let value else { return writer.null() }
            guard value % 1000 == 0 else { return writer.number(Double(value) / 1000) }
            writer.integer(value / 1000)
        }
    }

    /// An object, or null.
    mutating func member(_ name: String, orNull object: (some AdminObject)?) {
        member(name) { writer in
            if let object { writer.object { object.writeMembers(to: &$0) } } else { writer.null() }
        }
    }

    /// A moment, or null.
    mutating func member(_ name: String, orNull moment: Timestamp?) {
        member(name, orNull: moment?.rfc3339)
    }

    /// Members whose values are not known in this version.
    mutating func nullMembers(_ names: String...) {
        for name in names { member(name) { $0.null() } }
    }
}
