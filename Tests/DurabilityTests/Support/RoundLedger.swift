internal import ChatWire
internal import LMDBMemoryStore
internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// What clients know of their rounds, and what earlier looks into the store have shown; compares the store
/// with it.
struct RoundLedger {
    /// Whether partial replies of clients that left may have rounds.
    var clientsLeave = false

    private var sessionOf: [String: String] = [:]
    private var acknowledged: Set<String> = []
    /// Rounds as they were first seen: by session and number, the question. None may change or go.
    private var seen: [String: [Int: String]] = [:]

    /// How many rounds were promised to be on the disk.
    var acknowledgedCount: Int { acknowledged.count }

    /// How many questions were asked.
    var askedCount: Int { sessionOf.count }

    mutating func asked(_ call: ChatCall) {
        sessionOf[call.marker] = call.session
    }

    mutating func answered(_ reply: ChatReply) {
        if reply.isAcknowledged { acknowledged.insert(reply.call.marker) }
    }

    /// Opens the store of a gateway that has ended, compares, closes.
    ///
    /// - Returns: what is wrong, in words.
    mutating func faults(ofStoreAt path: String, maximumBytes: Int = 1 << 30) throws -> [String] {
        let storage = try LMDBStorage.open(at: path, LMDBOptions(maximumBytes: maximumBytes))
        defer { storage.close() }
        return try faults(of: storage)
    }

    /// Compares a store with what is known.
    mutating func faults(of storage: any MemoryStorage) throws -> [String] {
        var faults: [String] = []
        var found: [String: Int] = [:]
        for session in Set(sessionOf.values).sorted() {
            let key = SessionKey(tenant: "local", user: "default", name: session)
            let messages = try storage.messages(of: key)
            var look = SessionLook(session, messages, clientsLeave: clientsLeave)
            look.judge(storage: try Self.activeRounds(key, storage))
            faults += look.faults
            for marker in look.markers { found[marker, default: 0] += 1 }
            for marker in look.markers where sessionOf[marker] != session {
                faults.append("\(marker) stands in \(session), where nobody asked it")
            }
            faults += compare(session, look.rounds)
        }
        for (marker, count) in found where count > 1 { faults.append("\(marker) is recorded \(count) times") }
        let recorded = Set(seen.values.flatMap(\.values))
        for marker in acknowledged.subtracting(recorded) {
            faults.append("\(marker) was acknowledged and is missing")
        }
        return faults
    }

    /// Rounds that were seen before must stand as they stood; new ones get higher numbers.
    private mutating func compare(_ session: String, _ rounds: [Int: String]) -> [String] {
        var faults: [String] = []
        let before = seen[session] ?? [:]
        for (round, marker) in before where rounds[round] != marker {
            faults.append("round \(round) of \(session) was \(marker) and is now \(rounds[round] ?? "gone")")
        }
        let highest = before.keys.max() ?? 0
        for (round, marker) in rounds where before[round] == nil && round <= highest {
            faults.append("\(marker) took the number \(round) of \(session) after \(highest) was given")
        }
        seen[session] = rounds
        return faults
    }

    private static func activeRounds(_ key: SessionKey, _ storage: any MemoryStorage) throws -> [Int] {
        var rounds: [Int] = []
        _ = try storage.walkTurns(of: key) { turn in
            rounds.append(turn.round)
            return true
        }
        return rounds.reversed()
    }
}

/// The messages of one session, judged by what a round has to be.
private struct SessionLook {
    let session: String
    let messages: [StoredMessage]
    let clientsLeave: Bool
    /// The questions, recorded or kept.
    var markers: [String] = []
    /// By its number the question of each round.
    var rounds: [Int: String] = [:]
    var faults: [String] = []

    init(_ session: String, _ messages: [StoredMessage], clientsLeave: Bool) {
        self.session = session
        self.messages = messages
        self.clientsLeave = clientsLeave
    }

    /// - Parameter storage: the rounds of the active branch, as a replay walks them.
    mutating func judge(storage active: [Int]) {
        let nodes = messages.map(\.node)
        if !zip(nodes, 1...).allSatisfy({ $0 == $1 }) { fault("nodes are \(nodes)") }
        for (_, exchange) in Dictionary(grouping: messages, by: \.exchange) { judge(exchange) }
        let numbers = rounds.keys.sorted()
        if !zip(numbers, 1...).allSatisfy({ $0 == $1 }) { fault("the rounds are \(numbers)") }
        if active != numbers { fault("a replay walks the rounds \(active)") }
    }

    private mutating func judge(_ exchange: [StoredMessage]) {
        let question = exchange[0]
        guard question.message.role == .user, let marker = Self.marker(question) else {
            return fault("node \(question.node) is an answer without a question")
        }
        markers.append(marker)
        guard let round = question.round else { return judgeKept(marker, exchange) }
        if rounds.updateValue(marker, forKey: round) != nil { fault("round \(round) stands twice") }
        guard exchange.count == 2, exchange[1].message.role == .assistant, exchange[1].round == round,
            exchange[1].parent == question.node
        else { return fault("round \(round) of \(marker) is half") }
        let reply = exchange[1].message
        if reply.status == .disconnected, clientsLeave { return }
        let text = Replies.text(marker)
        guard reply.status == .complete, String(buffer: reply.body).contains(#""\#(text)""#) else {
            return fault("the reply of \(marker) is \(reply.status): \(String(buffer: reply.body))")
        }
    }

    /// A question that never got its reply.
    private mutating func judgeKept(_ marker: String, _ exchange: [StoredMessage]) {
        let status = exchange[0].message.status
        let isKept = status == .interrupted || clientsLeave && status == .disconnected
        if !isKept { fault("the question \(marker) has no round and is \(status)") }
        if exchange.count != 1 { fault("the question \(marker) has no round and \(exchange.count) messages") }
    }

    private static func marker(_ message: StoredMessage) -> String? {
        let request = ScriptedModel.Request(body: String(buffer: message.message.body))
        return request.marker == "none" ? nil : request.marker
    }

    private mutating func fault(_ words: String) {
        faults.append("\(session): \(words)")
    }
}
