public import ChatWire
public import MemoryCore
public import MemoryStore
internal import NIOCore

/// Messages and turns for tests: told apart by their words, complete in every member.
public enum SampleTurns {
    /// A session of the one tenant and user of most tests.
    public static func session(_ name: String = "s1", user: String = "anna", tenant: String = "main")
        -> SessionKey
    {
        SessionKey(tenant: tenant, user: user, name: name)
    }

    /// The id of an exchange by a number.
    public static func exchange(_ number: Int) -> ExchangeID {
        ExchangeID(high: 0x0190_0000_0000_0000 + UInt64(number), low: UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// A moment by a number of seconds.
    public static func moment(_ seconds: Int) -> Timestamp {
        Timestamp(microseconds: 1_700_000_000_000_000 + Int64(seconds) * 1_000_000)
    }

    /// What somebody says.
    public static func message(_ text: String, _ role: Role = .user, callsTools: Bool = false) -> NewMessage {
        var message = NewMessage(
            role: role, body: ByteBuffer(string: #"{"role":"\#(role)","content":"\#(text)"}"#),
            tokens: 4 + text.utf8.count / 4)
        message.callsTools = callsTools
        return message
    }

    /// A model's reply with every member set.
    public static func reply(_ text: String, choice: Int = 0, callsTools: Bool = false) -> NewMessage {
        var reply = message(text, .assistant, callsTools: callsTools)
        reply.choice = choice
        reply.reasoning = "because of \(text)"
        reply.model = "a-model-with-a-longer-name"
        reply.finishReason = callsTools ? "tool_calls" : "stop"
        reply.usage = TokenUsage(prompt: 12, completion: 34, cached: 5)
        return reply
    }

    /// The record of an exchange.
    public static func exchangeRecord(_ number: Int, in session: SessionKey) -> ExchangeRecord {
        var record = ExchangeRecord(
            id: exchange(number), session: session, createdAt: moment(number), path: "/v1/chat/completions",
            model: "a-model", stream: number % 2 == 0, resolution: "explicit",
            injected: InjectionRecord(
                standing: 1, window: [1, 2, 40], recall: 2, tokens: 77, reason: "all fit"))
        record.upstreamStatus = 200
        record.verdict = "newest-only"
        record.user = "anna"
        record.mode = "full"
        record.policy = "default"
        record.status = "ok"
        record.upstream = "main"
        record.attempts = 2
        record.gateway.resolve = 12
        record.gateway.assemble = 3
        record.isAcknowledged = true
        record.injected.placement = .merge
        record.injected.isStep = true
        record.injected.budget = 3000
        record.injected.blocks = blocks(number)
        record.firstByteMicroseconds = 1234
        record.totalMicroseconds = 567_890
        return record
    }

    /// What two plugins added.
    private static func blocks(_ number: Int) -> [InjectedBlock] {
        var standing = InjectedBlock(
            plugin: "standing-summaries", kind: .standing, tokens: 20, reason: "frozen")
        standing.items = [.summary(SummaryPlace(session: "s0", number: 2))]
        if number % 2 == 0 { standing.textOf = exchange(1) } else { standing.text = "They met." }
        var window = InjectedBlock(plugin: "recent-window", kind: .window, tokens: 57, reason: "all fit")
        window.items = [.round(1), .round(2), .round(40)]
        return [standing, window]
    }

    /// A finished exchange of one question and its replies.
    public static func turn(
        _ number: Int, in session: SessionKey = session(), place: TurnPlace = .newRound,
        messages: [NewMessage]? = nil,
        replies: [NewMessage]? = nil, outcome: ExchangeOutcome = .recorded
    ) -> RecordedTurn {
        var record = exchangeRecord(number, in: session)
        record.outcome = outcome
        return RecordedTurn(
            place: place, messages: messages ?? [message("question \(number)")],
            replies: replies ?? [reply("answer \(number)")], exchange: record, at: moment(number))
    }

    /// The question of an exchange.
    public static func question(
        _ number: Int, in session: SessionKey = session(), place: TurnPlace = .newRound,
        messages: [NewMessage]? = nil
    ) -> JournalledTurn {
        JournalledTurn(
            exchange: exchange(number), session: session, place: place,
            messages: messages ?? [message("question \(number)")], at: moment(number))
    }
}
