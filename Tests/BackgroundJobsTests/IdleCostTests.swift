import GatewayTesting
import LMDBMemoryStore
import MemoryCore
import MemoryStore
import Testing

/// What sessions cost that nobody speaks in, as operations of the store.
@Suite("Sessions that stay idle", .timeLimit(.minutes(15)))
struct IdleCostTests {
    private static func key(_ number: Int) -> SessionKey { SampleTurns.session("s\(number)") }

    private static func turn(_ number: Int, _ session: Int, at now: Timestamp) -> MemoryChange {
        var turn = SampleTurns.turn(number, in: key(session))
        turn.exchange.createdAt = now
        turn.at = now
        turn.terms = SessionTerms(idleMicroseconds: 720 * 3_600_000_000, makesTitle: false)
        return .record(turn)
    }

    /// A store with so many open sessions.
    private static func store(_ sessions: Int, _ folder: TemporaryFolder, at now: Timestamp) throws
        -> FaultyStorage
    {
        let lmdb = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: 1 << 30))
        let waiter = CommitWaiter()
        for first in stride(from: 0, to: sessions, by: 500) {
            let changes = (first..<min(first + 500, sessions)).map { number in
                var question = SampleTurns.question(number, in: key(number))
                question.at = now
                question.terms = SessionTerms(idleMicroseconds: 720 * 3_600_000_000)
                return MemoryChange.journal(question)
            }
            try lmdb.apply(changes, .waiting(ticket: UInt64(first) + 1, waiter))
            _ = try waiter.result(of: UInt64(first) + 1).get()
        }
        return FaultyStorage(lmdb)
    }

    @Test(
        "An hour costs three reads a second and no change, however many they are", arguments: [0, 1, 20_000])
    func hour(sessions: Int) async throws {
        let folder = try TemporaryFolder()
        let bench = Bench(seed: 1)
        let storage = try Self.store(sessions, folder, at: bench.clock.wall)
        try await bench.start(storage)
        try await bench.settle()
        #expect(storage.readCount == 3)
        for _ in 0..<3600 {
            try await bench.clock.fire()
            try await bench.settle()
        }
        #expect(storage.readCount == 3 * 3601)
        #expect(storage.changeCount == 0)
        try await bench.close()
        storage.close()
    }

    @Test("Rounds move no deadline: the index holds one entry a session, the one from its beginning")
    func rounds() async throws {
        let folder = try TemporaryFolder()
        let bench = Bench(seed: 1)
        let (count, start) = (200, bench.clock.wall)
        let storage = try Self.store(count, folder, at: start)
        for round in 1...5 {
            let now = start.advanced(byMicroseconds: Int64(round) * 60_000_000)
            for number in 0..<count {
                try storage.apply(
                    [Self.turn(1_000_000 * round + number, number, at: now)], .withNextBatch)
            }
        }
        try storage.commit()
        let first = start.advanced(byMicroseconds: 720 * 3_600_000_000)
        #expect(try storage.nextSessionDeadline() == first)
        #expect(try storage.dueSessions(at: first, count: .max).count == count)
        #expect(try storage.dueSessions(at: Timestamp(microseconds: .max), count: .max).count == count)
        for number in 0..<count {
            let details = try storage.details(of: Self.key(number))
            #expect(details?.life.deadline == first)
            #expect(details?.snapshot.lastRound == 5)
        }
        try await bench.close()
        storage.close()
    }
}
