internal import MemoryCore
internal import MemoryStore

/// The value of a session: where its branch ends, which numbers were given, and how far its life is. Numbers
/// only grow, so none is given twice.
struct SessionRow: Hashable {
    var createdAt: Timestamp
    var lastActiveAt: Timestamp
    var head: UInt64
    var lastNode: UInt64
    var lastRound: Int
    var bringsHistory = false
    /// The last round, and the highest number of a message, that were deleted.
    var trimmed = Trimmed()
    /// Messages that are there.
    var messages = 0
    /// When the oldest of them was recorded.
    var oldestAt: Timestamp?
    var usage = SessionUsage()
    var life: SessionLife
    /// What it is called in its tenant, where its name is another session's.
    var alias: String?
    /// Whether it is to be found by its last activity from now on, not by an earlier one.
    var movesActivity = false
    /// How it stands in the indexes; nil before it was written first.
    private(set) var filed: Filed?

    private static let version: UInt8 = 2

    /// What is gone of a session for good.
    struct Trimmed: Hashable {
        var round = 0
        var node: UInt64 = 0
    }

    /// What the store finds a session by, besides its name.
    struct Filed: Hashable {
        var status: SessionStatus
        var policy: String
        var oldestAt: Timestamp?
        /// An earlier activity than the last one: whoever finds the session by it files it anew.
        var activeAt: Timestamp
    }

    init(at now: Timestamp, _ terms: SessionTerms) {
        createdAt = now
        lastActiveAt = now
        head = 0
        lastNode = 0
        lastRound = 0
        life = SessionLife(terms)
    }

    init(_ bytes: Span<UInt8>) throws(StoreError) {
        var reader = try RecordReader(bytes, version: Self.version, "session")
        let numbers = try Numbers(&reader)
        createdAt = numbers.createdAt
        lastActiveAt = numbers.lastActiveAt
        head = numbers.head
        lastNode = numbers.lastNode
        lastRound = numbers.lastRound
        bringsHistory = numbers.bringsHistory
        trimmed = numbers.trimmed
        messages = try reader.integer()
        oldestAt = try reader.optionalSigned().map(Timestamp.init)
        let filedAt = Timestamp(microseconds: try reader.signed())
        usage = SessionUsage(
            prompt: try reader.integer(), completion: try reader.integer(), cached: try reader.integer(),
            isEstimated: try reader.flag())
        life = try reader.life()
        alias = try reader.optionalText()
        filed = Filed(
            status: life.status, policy: life.terms.policy, oldestAt: oldestAt, activeAt: filedAt)
        try reader.end()
    }

    /// How it is to stand in the indexes; activity alone moves nothing.
    var toBeFiled: Filed {
        Filed(
            status: life.status, policy: life.terms.policy, oldestAt: oldestAt,
            activeAt: movesActivity ? lastActiveAt : filed?.activeAt ?? lastActiveAt)
    }

    /// It stands in the indexes as it is now.
    mutating func file() { filed = toBeFiled }

    /// What requests look at: the rest of a row is not read for them.
    struct Numbers {
        let createdAt: Timestamp
        let lastActiveAt: Timestamp
        let head: UInt64
        let lastNode: UInt64
        let lastRound: Int
        let bringsHistory: Bool
        let trimmed: Trimmed

        init(_ bytes: Span<UInt8>) throws(StoreError) {
            var reader = try RecordReader(bytes, version: SessionRow.version, "session")
            try self.init(&reader)
        }

        fileprivate init(_ reader: inout RecordReader) throws(StoreError) {
            createdAt = Timestamp(microseconds: try reader.signed())
            lastActiveAt = Timestamp(microseconds: try reader.signed())
            head = try reader.unsigned()
            lastNode = try reader.unsigned()
            lastRound = try reader.integer()
            bringsHistory = try reader.flag()
            trimmed = Trimmed(round: try reader.integer(), node: try reader.unsigned())
            guard head <= lastNode, lastNode < UInt64(Int64.max), (0..<Int.max).contains(lastRound) else {
                throw reader.broken("its numbers contradict each other")
            }
        }

        /// As callers see it.
        func snapshot(_ key: SessionKey) -> SessionSnapshot {
            SessionSnapshot(
                key: key, createdAt: createdAt, lastActiveAt: lastActiveAt, head: head, lastNode: lastNode,
                lastRound: lastRound, bringsHistory: bringsHistory)
        }
    }

    var encoded: [UInt8] {
        var writer = RecordWriter(version: Self.version, expecting: 96)
        writer.signed(createdAt.microseconds)
        writer.signed(lastActiveAt.microseconds)
        writer.unsigned(head)
        writer.unsigned(lastNode)
        writer.integer(lastRound)
        writer.byte(bringsHistory ? 1 : 0)
        writer.integer(trimmed.round)
        writer.unsigned(trimmed.node)
        writer.integer(messages)
        writer.optional(oldestAt?.microseconds)
        writer.signed((filed?.activeAt ?? lastActiveAt).microseconds)
        writer.integer(usage.prompt)
        writer.integer(usage.completion)
        writer.integer(usage.cached)
        writer.byte(usage.isEstimated ? 1 : 0)
        writer.life(life)
        writer.optional(alias)
        return writer.bytes
    }

    /// Everything there is to know of it, besides what was said.
    func details(_ key: SessionKey) -> SessionDetails {
        SessionDetails(
            id: alias ?? key.name,
            snapshot: SessionSnapshot(
                key: key, createdAt: createdAt, lastActiveAt: lastActiveAt, head: head, lastNode: lastNode,
                lastRound: lastRound, bringsHistory: bringsHistory),
            life: life, messages: messages, usage: usage)
    }

    /// Takes the next node number, for a message that is there from now on.
    mutating func takeNode(at now: Timestamp) -> UInt64 {
        lastNode += 1
        messages += 1
        if oldestAt == nil { oldestAt = now }
        return lastNode
    }

    /// Takes the next round number.
    mutating func takeRound() -> Int {
        lastRound += 1
        return lastRound
    }
}

extension RecordWriter {
    fileprivate mutating func life(_ life: SessionLife) {
        byte(life.status.rawValue)
        optional(life.endedAt?.microseconds)
        optional(life.deadline?.microseconds)
        integer(life.toldRound)
        optional(life.title)
        text(life.terms.policy)
        signed(life.terms.idleMicroseconds)
        text(life.terms.resolution)
        text(life.terms.upstream)
        text(life.terms.model)
        byte(life.terms.makesTitle ? 1 : 0)
        optional(life.terms.mostMessages.map(Int64.init))
    }
}

extension RecordReader {
    @_lifetime(self: copy self)
    fileprivate mutating func life() throws(StoreError) -> SessionLife {
        let status = try kind(SessionStatus.self)
        let endedAt = try optionalSigned().map(Timestamp.init)
        let deadline = try optionalSigned().map(Timestamp.init)
        let toldRound = try integer()
        let title = try optionalText()
        var life = SessionLife(
            SessionTerms(
                policy: try text(), idleMicroseconds: try signed(), resolution: try text(),
                upstream: try text(), model: try text(), makesTitle: try flag(),
                mostMessages: try optionalSigned().map { Int($0) }))
        life.status = status
        life.endedAt = endedAt
        life.deadline = deadline
        life.toldRound = toldRound
        life.title = title
        return life
    }
}
