import BackgroundJobs
import GatewayTesting
import MemoryCore
import MemoryJobs
import MemoryStore
import Testing

/// Clean-up while each call of the store fails in its turn, or is the last of a process; and what it costs.
@Suite("Clean-up, whatever fails on the way", .timeLimit(.minutes(15)))
struct CleanUpFaultTests {
    private static let now = SampleTurns.moment(1000)
    private static let rules = RetentionRules([
        "default": .init(messages: .seconds(500), sessions: .seconds(400), exchanges: .seconds(300))
    ])
    private static let error = StoreError(.full, "the disk is full")

    /// What is left of a store.
    private struct Left: Equatable {
        var messages: [String: [UInt64]] = [:]
        var told: [String: [ClosedRange<Int>]] = [:]
        var exchanges: [ExchangeID] = []
        var jobs = 0

        init(_ storage: any MemoryStorage) throws {
            for name in ["long", "over", "young", "many"] {
                let key = SampleTurns.session(name)
                guard try storage.session(key) != nil else { continue }
                messages[name] = try storage.messages(of: key).map(\.node)
                told[name] = try storage.summaries(of: key).map(\.rounds)
            }
            exchanges = try storage.exchanges(of: nil, before: nil, count: 99).map(\.id)
            jobs = try storage.jobs(before: nil, count: 99) { _ in true }.count
        }
    }

    /// A session of which three rounds are old, one that is over, one of today, and one that has too many.
    private static func fill(_ storage: any MemoryStorage) throws {
        func record(_ name: String, _ second: Int, most: Int? = nil) throws {
            var turn = SampleTurns.turn(second, in: SampleTurns.session(name))
            turn.terms = SessionTerms(idleMicroseconds: 1, mostMessages: most)
            try storage.commit(.record(turn))
        }
        for second in [100, 200, 300, 700, 900] { try record("long", second) }
        for second in [150, 250] { try record("over", second) }
        try storage.commit(
            .end(SessionEnding(SampleTurns.session("over"), at: SampleTurns.moment(260), isForced: true)))
        try record("young", 990)
        for second in 901...908 { try record("many", second, most: 12) }
    }

    private static func handler(_ storage: any MemoryStorage, _ room: CleanUp.Room) -> CleanUp {
        var portion = CleanUp.Portion()
        (portion.sessions, portion.messages, portion.looks) = (2, 4, 3)
        return CleanUp(
            storage: storage, rules: { rules }, isRunning: { _ in false }, language: { .en }, now: { now },
            room: room, portion: portion)
    }

    /// Runs until it is done, both for everything and for the session that has too many.
    private static func clean(
        _ storage: any MemoryStorage, _ room: CleanUp.Room = .none, tries: Int = 1
    ) async throws -> Int {
        var failures = 0
        let handler = handler(storage, room)
        for session in [SessionKey?.none, SampleTurns.session("many")] {
            let job = Job(id: 1, NewJob(.cleanUp, session: session, at: now))
            for _ in 0..<tries {
                guard case .retry = await handler.run(job, Cancellation()) else { break }
                failures += 1
            }
        }
        return failures
    }

    private static func expected() async throws -> Left {
        let storage = InMemoryStorage()
        try fill(storage)
        #expect(try await clean(storage) == 0)
        return try Left(storage)
    }

    @Test("What goes goes, what stays stays, and every round that went is told once")
    func whole() async throws {
        let left = try await Self.expected()
        #expect(left.messages == ["long": [7, 8, 9, 10], "young": [1, 2], "many": Array(5...16)])
        #expect(left.told == ["long": [1...2, 3...3], "young": [], "many": [1...2]])
        #expect(left.exchanges.count == 11)
    }

    @Test(
        "A call that fails delays, and nothing else", arguments: ["read", "commit", "change"], [false, true])
    func faults(what: String, isLasting: Bool) async throws {
        let expected = try await Self.expected()
        var failed = 0
        for number in 0..<60 {
            let storage = FaultyStorage()
            try Self.fill(storage)
            switch what {
            case "read": storage.failReads(after: number, with: Self.error, lasting: isLasting)
            case "commit": storage.failCommits(after: number, with: Self.error, lasting: isLasting)
            default: storage.refuseChanges(after: number, with: Self.error, lasting: isLasting)
            }
            failed += try await Self.clean(storage, tries: isLasting ? 1 : 3)
            storage.recover()
            #expect(try await Self.clean(storage) == 0)
            #expect(try Left(storage) == expected, "\(what) \(number)")
        }
        #expect(failed >= 5)
    }

    @Test("The process may end behind each commit, on LMDB too")
    func ends() async throws {
        let expected = try await Self.expected()
        for number in 0..<12 {
            let test = try StorageEngine.lmdb.makeStorage()
            try Self.fill(test.storage)
            let storage = FaultyStorage(test.storage)
            storage.failCommits(after: number, with: Self.error, lasting: true)
            _ = try await Self.clean(storage)
            try test.reopen()
            #expect(try await Self.clean(test.storage) == 0)
            #expect(try Left(test.storage) == expected, "commit \(number)")
        }
    }

    @Test("On a full disk the room that is held back is used, and taken again at the end")
    func fullDisk() async throws {
        let expected = try await Self.expected()
        let storage = FaultyStorage()
        try Self.fill(storage)
        storage.failCommits(after: 2, with: Self.error, lasting: true)
        let events = Watched<[String]>([])
        let room = CleanUp.Room(
            release: {
                events.update { $0.append("released") }
                storage.recover()
                return true
            }, hold: { events.update { $0.append("held") } })
        #expect(try await Self.clean(storage, room) == 0)
        #expect(events.look { $0 } == ["released", "held"])
        #expect(try Left(storage) == expected)
    }

    @Test(
        "It costs by what goes: ten of many sessions are looked at, whatever the others are",
        arguments: [100, 3000])
    func cost(count: Int) async throws {
        let storage = FaultyStorage()
        for number in 0..<count {
            let second = number < 10 ? 10 + number : 950
            var turn = SampleTurns.turn(number, in: SampleTurns.session("s\(number)"))
            turn.at = SampleTurns.moment(second)
            turn.exchange.createdAt = turn.at
            try storage.commit(.record(turn))
        }
        let reads = storage.readCount
        #expect(try await Self.clean(storage) == 0)
        let cost = storage.readCount - reads
        #expect(cost == 68, "\(cost)")
    }
}
