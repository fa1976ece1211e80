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

    private static let version: UInt8 = 2

    func encoded() throws(StoreError) -> [UInt8] {
        var writer = RecordWriter(version: Self.version, expecting: 192)
        writer.unsigned(session)
        writer.optional(record.round.map(Int64.init))
        writer.signed(record.createdAt.microseconds)
        writer.text(record.path)
        writer.text(record.model)
        writer.byte(record.stream ? 1 : 0)
        writer.text(record.resolution)
        writer.text(record.verdict)
        writer.text(record.user)
        writer.text(record.mode)
        writer.text(record.policy)
        writer.text(record.status)
        writer.text(record.upstream)
        writer.integer(record.attempts)
        for time in [
            record.gateway.admit, record.gateway.resolve, record.gateway.recall, record.gateway.assemble,
        ] { writer.optional(time) }
        writer.byte(record.isAcknowledged ? 1 : 0)
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
            injected: InjectionRecord())
        record.round = round
        record.verdict = try reader.text()
        record.user = try reader.text()
        record.mode = try reader.text()
        record.policy = try reader.text()
        record.status = try reader.text()
        record.upstream = try reader.text()
        record.attempts = try reader.integer()
        record.gateway.admit = try reader.optionalSigned()
        record.gateway.resolve = try reader.optionalSigned()
        record.gateway.recall = try reader.optionalSigned()
        record.gateway.assemble = try reader.optionalSigned()
        record.isAcknowledged = try reader.flag()
        record.injected = try reader.injection()
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
        optional(injected.placement?.rawValue)
        byte(injected.isStep ? 1 : 0)
        integer(injected.budget)
        unsigned(UInt64(injected.blocks.count))
        for block in injected.blocks { self.block(block) }
    }

    private mutating func block(_ block: InjectedBlock) {
        text(block.plugin)
        byte(block.kind.rawValue)
        integer(block.tokens)
        text(block.reason)
        unsigned(UInt64(block.items.count))
        for item in block.items {
            switch item {
            case .summary(let place):
                byte(0)
                text(place.session)
                integer(place.number)
            case .round(let round):
                byte(1)
                integer(round)
            }
        }
        optional(block.text)
        optional(block.textOf)
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
        var injected = InjectionRecord(
            standing: standing, window: window, recall: try integer(), tokens: try integer(),
            reason: try text())
        injected.placement = try optionalText().flatMap(Placement.init)
        injected.isStep = try flag()
        injected.budget = try integer()
        for _ in 0..<(try self.count()) { injected.blocks.append(try block()) }
        return injected
    }

    @_lifetime(self: copy self)
    private mutating func block() throws(StoreError) -> InjectedBlock {
        var block = InjectedBlock(
            plugin: try text(), kind: try kind(InjectedBlock.Kind.self), tokens: try integer(),
            reason: try text())
        for _ in 0..<(try count()) {
            switch try byte() {
            case 0: block.items.append(.summary(SummaryPlace(session: try text(), number: try integer())))
            case 1: block.items.append(.round(try integer()))
            default: throw broken("an item is of no kind")
            }
        }
        block.text = try optionalText()
        block.textOf = try optionalExchange()
        return block
    }
}
