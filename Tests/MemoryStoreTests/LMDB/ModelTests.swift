import ChatWire
import GatewayTesting
import LMDBMemoryStore
import MemoryCore
import MemoryStore
import NIOCore
import RepeatableRandom
import Testing

@Suite("The engine over LMDB does what the one in memory does")
struct ModelTests {
    @Test(
        "after each of thousands of random changes, closings and recoveries",
        arguments: [1, 2, 3] as [UInt64])
    func random(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var walk = RandomWalk(seed: seed)
        var model = InMemoryStorage()
        var storage = try LMDBStorage.open(at: folder.path)
        for step in 0..<1500 {
            switch walk.next() {
            case .changes(let changes):
                let (left, right) = (CommitWaiter(), CommitWaiter())
                try storage.apply(changes, .waiting(ticket: 1, left))
                try model.apply(changes, .waiting(ticket: 1, right))
                #expect(left.result(of: 1) == right.result(of: 1), "seed \(seed), step \(step)")
            case .reopen(let recovers):
                storage.close()
                storage = try LMDBStorage.open(at: folder.path)
                model = model.reopened()
                guard recovers else { break }
                let now = SampleTurns.moment(step)
                #expect(try storage.recoverInterrupted(at: now) == model.recoverInterrupted(at: now))
            }
            let place = "seed \(seed), step \(step)"
            if step % 50 == 0 { try compare(storage, model, walk.sessions, place) }
            for session in walk.touched { try compareNewest(storage, model, session, place) }
        }
        try compare(storage, model, walk.sessions, "seed \(seed), at the end")
        #expect(try storage.statistics().sessions == model.statistics().sessions)
        #expect(try storage.statistics().messages == model.statistics().messages)
        #expect(try model.statistics().messages > 1000)
        storage.close()
    }

    /// The end of a session: what a change may have touched.
    private func compareNewest(
        _ storage: LMDBStorage, _ model: InMemoryStorage, _ session: SessionKey, _ words: String
    ) throws {
        var (left, right): ([StoredTurn], [StoredTurn]) = ([], [])
        let snapshot = try storage.walkTurns(of: session) { turn in
            left.append(turn)
            return left.count < 2
        }
        let expected = try model.walkTurns(of: session) { turn in
            right.append(turn)
            return right.count < 2
        }
        #expect(snapshot == expected, "\(words)")
        #expect(left == right, "\(words)")
    }

    private func compare(
        _ storage: LMDBStorage, _ model: InMemoryStorage, _ sessions: [SessionKey], _ words: String
    ) throws {
        for session in sessions {
            #expect(try storage.session(session) == model.session(session), "\(words)")
            #expect(try storage.messages(of: session) == model.messages(of: session), "\(words)")
            #expect(try storage.turns(of: session) == model.turns(of: session), "\(words)")
            for id in Set(try model.messages(of: session).suffix(6).map(\.exchange)) {
                #expect(try storage.exchange(id) == model.exchange(id), "\(words)")
            }
        }
    }
}

/// Random changes that fit together often enough to reach every case.
struct RandomWalk {
    enum Step {
        case changes([MemoryChange])
        case reopen(recovers: Bool)
    }

    let sessions: [SessionKey] = ["s1", "s2", "café", "cafe\u{301}"].flatMap { name in
        [SampleTurns.session(name), SampleTurns.session(name, user: "bert")]
    }
    /// The sessions of the last step.
    private(set) var touched: [SessionKey] = []
    private var random: SeededRandom
    private var exchanges = 0
    private var open: [SessionKey: TurnPlace] = [:]

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    mutating func next() -> Step {
        touched = []
        if Int.random(in: 0..<60, using: &random) == 0 {
            return .reopen(recovers: Bool.random(using: &random))
        }
        return .changes((0..<Int.random(in: 1...4, using: &random)).map { _ in change() })
    }

    private mutating func change() -> MemoryChange {
        let session = sessions.randomElement(using: &random) ?? SampleTurns.session()
        touched.append(session)
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3:
            return .journal(
                SampleTurns.question(exchange(), in: session, place: place(), messages: messages(upTo: 3)))
        case 3..<8:
            let replies = messages(upTo: 3)
            return .record(
                SampleTurns.turn(
                    exchange(), in: session, place: place(), messages: messages(upTo: 3), replies: replies,
                    outcome: ExchangeOutcome.allCases.randomElement(using: &random) ?? .recorded))
        default:
            return .amend(
                AmendedReply(
                    exchange: SampleTurns.exchange(exchange()), session: session, replies: messages(upTo: 4)))
        }
    }

    /// Mostly a new exchange, often one of the last few.
    private mutating func exchange() -> Int {
        if exchanges > 0, Int.random(in: 0..<3, using: &random) == 0 {
            return Int.random(in: max(1, exchanges - 12)...exchanges, using: &random)
        }
        exchanges += 1
        return exchanges
    }

    private mutating func place() -> TurnPlace {
        guard Int.random(in: 0..<4, using: &random) == 0 else { return .newRound }
        return .openTurn(
            node: UInt64.random(in: 0...40, using: &random), round: Int.random(in: 0...12, using: &random))
    }

    private mutating func messages(upTo count: Int) -> [NewMessage] {
        (0..<Int.random(in: 0...count, using: &random)).map { choice in
            let isLong = Int.random(in: 0..<50, using: &random) == 0
            let count = Int.random(in: 0...(isLong ? 200_000 : 300), using: &random)
            let role = Role.allCases.randomElement(using: &random) ?? .user
            var message = NewMessage(
                role: role,
                body: ByteBuffer(repeating: UInt8.random(in: 0...255, using: &random), count: count),
                tokens: Int.random(in: 0...1000, using: &random),
                status: MessageStatus.allCases.randomElement(using: &random) ?? .complete)
            message.choice = choice
            message.callsTools = Bool.random(using: &random)
            if Bool.random(using: &random) { message.reasoning = String(repeating: "ß", count: count / 2) }
            if Bool.random(using: &random) { message.model = "model \(count)" }
            if Bool.random(using: &random) { message.finishReason = "stop" }
            if Bool.random(using: &random) { message.usage = TokenUsage(prompt: count, completion: choice) }
            return message
        }
    }
}
