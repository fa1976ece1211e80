import ChatWire
import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore

/// A round, or the end summary of a session, that the store holds before a request comes.
struct SeededSession: Sendable {
    private var isSummary: Bool
    private var name = ""
    private var owner = SessionOwner(tenant: "local", .user, "anna")
    private var status = MessageStatus.complete
    /// The model that made what calls tools.
    private var model: String?
    private var text = ""
    /// How often it was said.
    private(set) var times = 1
    private var messages: [NewMessage] = []

    /// Reads `s user=ben chat=room as=incomplete by=model: text`, all but the name at will.
    init(_ kind: String, _ line: String) {
        isSummary = kind == "summary"
        let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
        text = parts.count > 1 ? parts[1] : ""
        var words = parts[0].split(separator: " ").map(String.init)
        name = words.removeFirst()
        for word in words {
            let pair = word.split(separator: "=").map(String.init)
            switch pair[0] {
            case "user": owner = SessionOwner(tenant: "local", .user, pair[1])
            case "chat": owner = SessionOwner(tenant: "local", .chat, pair[1])
            case "as": status = MessageStatus.allCases.first { "\($0)" == pair[1] } ?? .complete
            case "by": model = pair[1]
            case "times": times = Int(pair[1]) ?? 1
            default: preconditionFailure("an unknown word: \(word)")
            }
        }
    }

    /// Adds a message as it is kept, or, behind `+`, what stood behind the last one when it was sent up.
    mutating func add(_ line: String) {
        if line.hasPrefix("+ ") {
            messages[messages.count - 1].turnBlock = String(line.dropFirst(2))
            return
        }
        let body = ByteBuffer(string: line)
        guard let located = try? LocatedMessage(in: body) else { preconditionFailure("no message: \(line)") }
        var message = NewMessage(role: located.role, body: body, tokens: TokenEstimate.tokens(of: body))
        message.callsTools = located.role == .assistant && located.callsTools
        if located.role == .assistant { message.model = model }
        messages.append(message)
    }

    /// Puts it into a store, an exchange for each reply as they happen.
    func apply(to storage: any MemoryStorage, _ number: Int, at moment: Timestamp) throws {
        let key = SessionKey(owner, name)
        guard !isSummary else { return try summarise(key, storage, number, at: moment) }
        let rounds = try storage.session(key)?.lastRound ?? 0
        var asked: [NewMessage] = []
        for (index, message) in messages.enumerated() {
            guard message.role == .assistant else {
                asked.append(message)
                continue
            }
            let snapshot = try storage.session(key)
            let isNew = asked.first?.role == .user
            var reply = message
            reply.status = status
            var turn = RecordedTurn(
                place: isNew ? .newRound : .openTurn(node: snapshot?.head ?? 0, round: rounds + 1),
                messages: asked, replies: [reply],
                exchange: SampleTurns.exchangeRecord(number * 100 + index, in: key), at: moment)
            turn.becomesCurrent = owner.kind == .chat
            try storage.apply([.record(turn)], .withNextBatch)
            asked = []
        }
    }

    /// The summary of a session that has ended, with the round that it tells.
    private func summarise(
        _ key: SessionKey, _ storage: any MemoryStorage, _ number: Int, at moment: Timestamp
    ) throws {
        let summary = SessionSummary(
            session: key, number: 1, parent: nil, purpose: .end, rounds: 1...1, anchor: 2, text: text,
            model: nil, createdAt: moment)
        var turn = SampleTurns.turn(number * 100, in: key)
        turn.at = moment
        try storage.apply([.record(turn), .summarise(summary)], .withNextBatch)
    }
}
