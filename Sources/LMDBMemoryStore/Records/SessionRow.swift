internal import MemoryCore
internal import MemoryStore

/// The value of a session: where its branch ends and which numbers were given. They only grow, so none is
/// given twice.
struct SessionRow: Hashable {
    var createdAt: Timestamp
    var lastActiveAt: Timestamp
    var head: UInt64
    var lastNode: UInt64
    var lastRound: Int
    var bringsHistory = false

    private static let version: UInt8 = 1

    init(at now: Timestamp) {
        createdAt = now
        lastActiveAt = now
        head = 0
        lastNode = 0
        lastRound = 0
    }

    init(_ bytes: Span<UInt8>) throws(StoreError) {
        var reader = try RecordReader(bytes, version: Self.version, "session")
        createdAt = Timestamp(microseconds: try reader.signed())
        lastActiveAt = Timestamp(microseconds: try reader.signed())
        head = try reader.unsigned()
        lastNode = try reader.unsigned()
        lastRound = try reader.integer()
        // Rows of clients that send what is new alone have no more.
        if reader.remaining > 0 {
            bringsHistory = try reader.flag()
            guard bringsHistory else { throw reader.broken("it is longer than it should be") }
        }
        try reader.end()
        guard head <= lastNode, lastNode < UInt64(Int64.max), (0..<Int.max).contains(lastRound) else {
            throw reader.broken("its numbers contradict each other")
        }
    }

    var encoded: [UInt8] {
        var writer = RecordWriter(version: Self.version)
        writer.signed(createdAt.microseconds)
        writer.signed(lastActiveAt.microseconds)
        writer.unsigned(head)
        writer.unsigned(lastNode)
        writer.integer(lastRound)
        if bringsHistory { writer.byte(1) }
        return writer.bytes
    }

    /// As callers see it.
    func snapshot(_ key: SessionKey) -> SessionSnapshot {
        SessionSnapshot(
            key: key, createdAt: createdAt, lastActiveAt: lastActiveAt, head: head, lastNode: lastNode,
            lastRound: lastRound, bringsHistory: bringsHistory)
    }

    /// Takes the next node number.
    mutating func takeNode() -> UInt64 {
        lastNode += 1
        return lastNode
    }

    /// Takes the next round number.
    mutating func takeRound() -> Int {
        lastRound += 1
        return lastRound
    }
}
