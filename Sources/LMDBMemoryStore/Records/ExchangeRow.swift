internal import MemoryCore
internal import MemoryStore

/// The value of an exchange: what the admin side shows, and where its replies stand, so that `amend` finds
/// them.
struct ExchangeRow {
    /// The interned id of its session; the key is looked up by it.
    var session: UInt64
    /// What is shown; its session is filled in by who reads it.
    var record: ExchangeRecord
    /// Where its replies stand.
    var replies: ReplyPlace

    private static let version: UInt8 = 1

    func encoded() throws(StoreError) -> [UInt8] {
        var writer = RecordWriter(version: Self.version, expecting: 192)
        writer.unsigned(session)
        writer.optional(record.round.map(Int64.init))
        writer.signed(record.createdAt.microseconds)
        writer.text(record.path)
        writer.text(record.model)
        writer.byte(record.stream ? 1 : 0)
        writer.text(record.resolution)
        writer.injection(record.injected)
        writer.optional(record.upstreamStatus.map(Int64.init))
        writer.optional(record.firstByteMicroseconds)
        writer.optional(record.totalMicroseconds)
        writer.byte(record.outcome.rawValue)
        writer.optional(record.failure)
        writer.signed(replies.recordedAt.microseconds)
        writer.unsigned(replies.parent)
        writer.integer(replies.index)
        writer.unsigned(UInt64(replies.nodes.count))
        for node in replies.nodes { writer.unsigned(node) }
        guard writer.bytes.count <= MessageRecord.maximumBytes else {
            throw StoreError(.tooLarge, "What is known of an exchange is too long to be kept.")
        }
        return writer.bytes
    }

    /// - Parameter key: gives the session's key by its interned id.
    init(
        _ id: ExchangeID, _ bytes: Span<UInt8>, session key: (UInt64) throws(StoreError) -> SessionKey
    ) throws(StoreError) {
        var reader = try RecordReader(bytes, version: Self.version, "exchange")
        session = try reader.unsigned()
        let round = try reader.optionalSigned().map { Int($0) }
        let createdAt = Timestamp(microseconds: try reader.signed())
        record = ExchangeRecord(
            id: id, session: try key(session), createdAt: createdAt, path: try reader.text(),
            model: try reader.text(), stream: try reader.flag(), resolution: try reader.text(),
            injected: try reader.injection())
        record.round = round
        record.upstreamStatus = try reader.optionalSigned().map { Int($0) }
        record.firstByteMicroseconds = try reader.optionalSigned()
        record.totalMicroseconds = try reader.optionalSigned()
        record.outcome = try reader.kind(ExchangeOutcome.self)
        record.failure = try reader.optionalText()
        replies = ReplyPlace(
            recordedAt: Timestamp(microseconds: try reader.signed()), parent: try reader.unsigned(),
            index: try reader.integer(), nodes: [])
        let count = try reader.count()
        replies.nodes.reserveCapacity(count)
        for _ in 0..<count { replies.nodes.append(try reader.unsigned()) }
        try reader.end()
    }

    init(session: UInt64, record: ExchangeRecord, replies: ReplyPlace) {
        self.session = session
        self.record = record
        self.replies = replies
    }
}

/// Where the replies of an exchange stand: siblings behind one message.
struct ReplyPlace {
    var recordedAt: Timestamp
    /// The message before them.
    var parent: UInt64
    /// Their place in the round.
    var index: Int
    /// One node per choice.
    var nodes: [UInt64]
}

extension RecordWriter {
    fileprivate mutating func injection(_ injected: InjectionRecord) {
        integer(injected.standing)
        unsigned(UInt64(injected.window.count))
        for round in injected.window { integer(round) }
        integer(injected.recall)
        integer(injected.tokens)
        text(injected.reason)
    }
}

extension RecordReader {
    @_lifetime(self: copy self)
    fileprivate mutating func injection() throws(StoreError) -> InjectionRecord {
        let standing = try integer()
        let count = try count()
        var window: [Int] = []
        window.reserveCapacity(count)
        for _ in 0..<count { window.append(try integer()) }
        return InjectionRecord(
            standing: standing, window: window, recall: try integer(), tokens: try integer(),
            reason: try text())
    }
}
