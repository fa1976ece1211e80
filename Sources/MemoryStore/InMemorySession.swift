internal import MemoryCore

/// One session of an in-memory store.
struct InMemorySession {
    /// Where a message is put.
    struct Spot {
        var parent: UInt64
        var round: Int?
        var index: Int
        var exchange: ExchangeID
        var at: Timestamp
    }

    var createdAt: Timestamp
    var lastActiveAt: Timestamp
    var head: UInt64 = 0
    var lastRound = 0
    var bringsHistory = false
    var life: SessionLife
    var usage = SessionUsage()
    /// Its place among all sessions in the order in which they were made.
    var number: UInt64 = 0
    /// What it is called in its tenant, where its name is another session's.
    var alias: String?
    /// The last round that was deleted.
    var trimmedRound = 0
    private(set) var lastNode: UInt64 = 0
    private var byNode: [UInt64: StoredMessage] = [:]

    init(at now: Timestamp, _ terms: SessionTerms) {
        createdAt = now
        lastActiveAt = now
        life = SessionLife(terms)
        life.deadline = life.expiry(after: now)
    }

    /// In order of node number; what was deleted is missing.
    var messages: [StoredMessage] { byNode.values.sorted { $0.node < $1.node } }

    /// How many messages are there.
    var messageCount: Int { byNode.count }

    /// A message, or nil.
    func message(_ node: UInt64) -> StoredMessage? { byNode[node] }

    /// Whether it is to be given a title.
    var wantsTitle: Bool { life.title == nil && life.terms.makesTitle }

    func details(_ key: SessionKey) -> SessionDetails {
        SessionDetails(
            id: alias ?? key.name, snapshot: snapshot(key), life: life, messages: byNode.count, usage: usage)
    }

    func snapshot(_ key: SessionKey) -> SessionSnapshot {
        SessionSnapshot(
            key: key, createdAt: createdAt, lastActiveAt: lastActiveAt, head: head,
            lastNode: lastNode, lastRound: lastRound, bringsHistory: bringsHistory)
    }

    /// Where a turn begins; a step whose turn is not there begins a round of its own.
    func spot(of place: TurnPlace, exchange: ExchangeID, at now: Timestamp) -> Spot {
        if case .openTurn(let node, let round) = place, let before = byNode[node], before.round == round {
            return Spot(parent: node, round: round, index: before.index + 1, exchange: exchange, at: now)
        }
        if case .behind(let node) = place, node == 0 || byNode[node] != nil {
            return Spot(parent: node, round: nil, index: 0, exchange: exchange, at: now)
        }
        return Spot(parent: head, round: nil, index: 0, exchange: exchange, at: now)
    }

    /// Adds a message and goes on behind it.
    mutating func append(_ message: NewMessage, at spot: inout Spot) {
        spot.parent = add(message, at: spot)
        spot.index += 1
    }

    /// Adds a message under the next number.
    mutating func add(_ message: NewMessage, at spot: Spot) -> UInt64 {
        lastNode += 1
        byNode[lastNode] = stored(message, lastNode, spot)
        return lastNode
    }

    mutating func replace(_ node: UInt64, by message: NewMessage, at spot: Spot) {
        byNode[node] = stored(message, node, spot)
    }

    /// - Returns: the messages that are gone.
    mutating func remove(_ nodes: [UInt64]) -> [StoredMessage] {
        let gone = nodes.compactMap { byNode.removeValue(forKey: $0) }
        trimmedRound = max(trimmedRound, gone.compactMap(\.round).max() ?? 0)
        if byNode[head] == nil { head = 0 }
        return gone
    }

    private func stored(_ message: NewMessage, _ node: UInt64, _ spot: Spot) -> StoredMessage {
        StoredMessage(
            node: node, parent: spot.parent, round: spot.round, index: spot.index, exchange: spot.exchange,
            createdAt: spot.at, message: message)
    }

    /// The rounds of the active branch, as far as they are there.
    func turnsNewestFirst() -> [StoredTurn] {
        var turns: [StoredTurn] = []
        var newestFirst: [StoredTurn.Message] = []
        var node = head
        while let message = byNode[node] {
            newestFirst.append(StoredTurn.Message(message))
            node = message.parent
            let isFirstOfRound = byNode[node].map { $0.round != message.round } ?? true
            guard isFirstOfRound, let round = message.round else { continue }
            turns.append(StoredTurn(round: round, messages: newestFirst.reversed()))
            newestFirst = []
        }
        return turns
    }
}
