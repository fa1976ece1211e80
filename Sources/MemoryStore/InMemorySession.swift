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
    /// In order of node number, without gaps: node 1 comes first.
    var messages: [StoredMessage] = []

    init(at now: Timestamp, _ terms: SessionTerms) {
        createdAt = now
        lastActiveAt = now
        life = SessionLife(terms)
        life.deadline = life.expiry(after: now)
    }

    /// Whether it is to be given a title.
    var wantsTitle: Bool { life.title == nil && life.terms.makesTitle }

    func details(_ key: SessionKey) -> SessionDetails {
        SessionDetails(
            id: alias ?? key.name, snapshot: snapshot(key), life: life, messages: messages.count, usage: usage
        )
    }

    func snapshot(_ key: SessionKey) -> SessionSnapshot {
        SessionSnapshot(
            key: key, createdAt: createdAt, lastActiveAt: lastActiveAt, head: head,
            lastNode: UInt64(messages.count), lastRound: lastRound, bringsHistory: bringsHistory)
    }

    /// Where a turn begins; a step whose turn is not there begins a round of its own.
    func spot(of place: TurnPlace, exchange: ExchangeID, at now: Timestamp) -> Spot {
        if case .openTurn(let node, let round) = place,
            let before = messages.first(where: { $0.node == node }), before.round == round
        {
            return Spot(parent: node, round: round, index: before.index + 1, exchange: exchange, at: now)
        }
        if case .behind(let node) = place, node == 0 || messages.contains(where: { $0.node == node }) {
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
        let node = UInt64(messages.count) + 1
        messages.append(stored(message, node, spot))
        return node
    }

    mutating func replace(_ node: UInt64, by message: NewMessage, at spot: Spot) {
        messages[Int(node) - 1] = stored(message, node, spot)
    }

    private func stored(_ message: NewMessage, _ node: UInt64, _ spot: Spot) -> StoredMessage {
        StoredMessage(
            node: node, parent: spot.parent, round: spot.round, index: spot.index, exchange: spot.exchange,
            createdAt: spot.at, message: message)
    }

    /// The rounds of the active branch.
    func turnsNewestFirst() -> [StoredTurn] {
        var turns: [StoredTurn] = []
        var newestFirst: [StoredTurn.Message] = []
        var node = head
        while node != 0 {
            let message = messages[Int(node) - 1]
            newestFirst.append(StoredTurn.Message(message))
            node = message.parent
            let isFirstOfRound = node == 0 || messages[Int(node) - 1].round != message.round
            guard isFirstOfRound, let round = message.round else { continue }
            turns.append(StoredTurn(round: round, messages: newestFirst.reversed()))
            newestFirst = []
        }
        return turns
    }
}
