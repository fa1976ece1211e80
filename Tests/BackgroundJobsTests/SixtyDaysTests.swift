import Foundation
import GatewayTesting
import MemoryCore
import MemoryStore
import RepeatableRandom
import Synchronization
import Testing

/// Many sessions over sixty days, with a model that fails a third of the time and a process that ends
/// whenever it likes.
@Suite("Sixty days", .timeLimit(.minutes(30)))
struct SixtyDaysTests {
    /// How many sessions: `MEMGATE_SESSIONS`, up to 100,000.
    private static let sessions =
        ProcessInfo.processInfo.environment["MEMGATE_SESSIONS"].flatMap { Int($0) } ?? 1000

    private static let second: Int64 = 1_000_000
    private static let length: Int64 = 60 * 86_400 * second

    /// Something that is said, or a restart.
    private enum Event {
        case says(Int)
        case stops
        case crashes
    }

    /// What is expected of a session.
    private struct Expected {
        var rounds = 0
        var deadline: Timestamp?
        /// The last round of each end, and when it came.
        var ends: [(round: Int, at: Timestamp)] = []
    }

    private static func key(_ number: Int) -> SessionKey {
        SampleTurns.session("s\(number)", user: "u\(number % 97)")
    }

    private static func events(
        from start: Timestamp, _ random: inout SeededRandom
    ) -> [(at: Timestamp, event: Event)] {
        var events: [(at: Timestamp, event: Event)] = []
        for number in 0..<sessions {
            var at = Int64.random(in: 0..<length, using: &random)
            // Talk, silence, and talk again, now and then.
            while at < length {
                events.append((start.advanced(byMicroseconds: at), .says(number)))
                let isPause = random.percent(40)
                at += Int64.random(in: isPause ? 1...length / 3 : 1...1700 * second, using: &random)
                if isPause, random.percent(50) { break }
            }
        }
        for _ in 0..<60 {
            let at = start.advanced(byMicroseconds: Int64.random(in: 0..<length, using: &random))
            events.append((at, Bool.random(using: &random) ? .stops : .crashes))
        }
        return events.sorted { $0.at < $1.at }
    }

    @Test("Each end is marked within a second and told once, whatever fails and however often it restarts")
    func simulation() async throws {
        let seed: UInt64 = 1
        var random = SeededRandom(seed: seed)
        let bench = Bench(seed: seed)
        bench.models.state.withLock { $0.hanging = 5 }
        var world = World(storage: InMemoryStorage())
        try await bench.start(world.storage)
        for (at, event) in Self.events(from: bench.clock.wall, &random) {
            try await pass(until: at, bench, &world)
            switch event {
            case .says(let number): try world.say(number, at: at)
            case .stops:
                try await bench.stop()
                try await restart(bench, &world)
            case .crashes:
                // Nothing that comes of it is written any longer.
                world.storage.close()
                try await bench.stop()
                try await restart(bench, &world)
            }
        }
        bench.models.state.withLock { ($0.failing, $0.hanging) = (0, 0) }
        try await bench.stop()
        try await restart(bench, &world)
        try await pass(
            until: bench.clock.wall.advanced(byMicroseconds: 2 * 86_400 * Self.second), bench, &world)
        try world.check()
        #expect(try await bench.jobsInMind() == 0)
        try await bench.close()
    }

    private func restart(_ bench: Bench, _ world: inout World) async throws {
        world.storage = world.storage.reopened()
        try await bench.start(world.storage)
        try await bench.settle()
    }

    /// Lets time pass; seconds in which nothing can be found are left out.
    private func pass(until end: Timestamp, _ bench: Bench, _ world: inout World) async throws {
        while true {
            try await bench.settle()
            // Seconds are not left out while a call hangs; it takes twenty of them or so.
            let hangs = bench.models.hangs > 0
            if hangs, world.random.percent(5) {
                bench.models.giveUp()
                continue
            }
            let due =
                hangs
                ? bench.clock.wall
                : try [world.storage.nextSessionDeadline(), world.nextJob()].compactMap { $0 }.min()
            bench.clock.skip(until: min(end, due ?? end))
            guard let next = bench.clock.next, next <= end else { break }
            try await bench.clock.fire()
            try await bench.settle()
            try world.look(at: bench.clock.wall, bench)
        }
        bench.clock.move(to: end)
    }

    /// The store, and what is expected of it.
    private struct World {
        var storage: InMemoryStorage
        var expected: [Int: Expected] = [:]
        var exchanges = 0
        var idle: Int64 = 1_800_000_000
        var random = SeededRandom(seed: 2)

        func nextJob() throws -> Timestamp? {
            try storage.dueJobs(at: Timestamp(microseconds: Int64.max), besides: [], count: 1).first?.nextAt
        }

        mutating func say(_ number: Int, at now: Timestamp) throws {
            exchanges += 1
            let key = SixtyDaysTests.key(number)
            var turn = SampleTurns.turn(exchanges, in: key)
            turn.exchange.createdAt = now
            turn.at = now
            turn.terms = SessionTerms(resolution: "explicit")
            try storage.commit(.record(turn))
            var session = expected[number] ?? Expected()
            // A deadline that nobody has looked at yet counts all the same.
            if let deadline = session.deadline, now > deadline {
                session.ends.append((session.rounds, now))
            }
            session.rounds += 1
            session.deadline = now.advanced(byMicroseconds: idle)
            expected[number] = session
        }

        /// Every end that was marked since.
        mutating func look(at now: Timestamp, _ bench: Bench) throws {
            let marked = bench.marked.update { marked in
                defer { marked = [] }
                return marked
            }
            for key in marked {
                let number = try #require(Int(key.name.dropFirst()))
                var session = try #require(expected[number])
                let deadline = try #require(session.deadline)
                #expect(now > deadline && now <= deadline.advanced(byMicroseconds: 1_000_001), "\(key.name)")
                session.deadline = nil
                session.ends.append((session.rounds, now))
                expected[number] = session
            }
        }

        func check() throws {
            let jobs = try storage.jobs(before: nil, count: Int.max) { _ in true }
            #expect(jobs.allSatisfy { $0.status == .done })
            #expect(Set(jobs.map(\.id)).count == jobs.count)
            #expect(jobs.map(\.id) == Array(Set(jobs.map(\.id))).sorted(by: >))
            for (number, session) in expected {
                let key = SixtyDaysTests.key(number)
                let life = try #require(try storage.details(of: key)?.life)
                #expect(life.status == .archived, "\(key.name)")
                #expect(life.toldRound == session.rounds, "\(key.name)")
                #expect(life.title != nil)
                #expect(session.deadline == nil)
                #expect(try storage.turns(of: key).map(\.round) == Array(1...session.rounds))
                let chain = try storage.summaries(of: key)
                let told = chain.map(\.rounds)
                // No gap, nothing twice, and no end told that was none; ends that came before the one
                // before was told may share a summary.
                #expect(told.first?.lowerBound == 1 && told.last?.upperBound == session.rounds, "\(key.name)")
                for (before, after) in zip(told, told.dropFirst()) {
                    #expect(after.lowerBound == before.upperBound + 1, "\(key.name)")
                }
                let ends = Set(session.ends.map(\.round))
                #expect(Set(told.map(\.upperBound)).isSubset(of: ends), "\(key.name)")
                #expect(chain.map(\.number) == Array(1...chain.count), "\(key.name)")
                #expect(chain.last?.source == .model, "\(key.name)")
            }
        }
    }
}
