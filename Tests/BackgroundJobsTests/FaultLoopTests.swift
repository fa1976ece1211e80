import GatewayTesting
import MemoryCore
import MemoryJobs
import MemoryStore
import Synchronization
import Testing

/// A session on its way to the archive, while each call of the store's, or the model's, fails in its turn.
@Suite("Whatever fails on the way", .timeLimit(.minutes(15)))
struct FaultLoopTests {
    private static let key = SampleTurns.session()
    private static let error = StoreError(.full, "the disk is full")

    /// A bench whose session has two rounds and five seconds to live.
    private static func prepared() async throws -> (Bench, FaultyStorage) {
        let bench = Bench(seed: 1)
        bench.models.state.withLock { $0.plan = [:] }
        let storage = FaultyStorage()
        for number in 1...2 {
            var turn = SampleTurns.turn(number, in: key)
            turn.exchange.createdAt = bench.clock.wall
            turn.at = bench.clock.wall
            turn.terms = SessionTerms(idleMicroseconds: 5_000_000, resolution: "explicit")
            try storage.commit(.record(turn))
        }
        return (bench, storage)
    }

    /// Lets seconds pass, one by one.
    private static func pass(_ count: Int, _ bench: Bench) async throws {
        for _ in 0..<count {
            try await bench.settle()
            try await bench.clock.fire()
        }
        try await bench.settle()
    }

    /// Works until nothing is left to do, and looks at what came of it.
    private static func finish(
        _ bench: Bench, _ storage: FaultyStorage, ends: Int = 1, _ what: String
    ) async throws {
        func isOver() throws -> Bool {
            try storage.details(of: key)?.life.status == .archived
                && storage.jobs(before: nil, count: 9) { $0.status.isActive }.isEmpty
        }
        var seconds = 0
        while try !isOver() {
            try await pass(1, bench)
            seconds += 1
            guard seconds < 10_000 else {
                let jobs = try storage.jobs(before: nil, count: 9) { _ in true }
                Issue.record("\(what): stuck, \(jobs)")
                return try await bench.close()
            }
        }
        let chain = try storage.summaries(of: key)
        #expect(chain.map(\.number) == Array(1...ends), "\(what)")
        #expect(chain.allSatisfy { $0.source == .model && $0.purpose == .end }, "\(what)")
        let life = try storage.details(of: key)?.life
        #expect(life?.title != nil, "\(what)")
        #expect(life?.toldRound == 1 + ends, "\(what)")
        let jobs = try storage.jobs(before: nil, count: 9) { _ in true }
        #expect(jobs.allSatisfy { $0.status == .done }, "\(what)")
        #expect(jobs.count { $0.kind == .endSession } == ends, "\(what)")
        #expect(try await bench.jobsInMind() == 0, "\(what)")
        try await bench.close()
    }

    @Test("A read that fails delays, and nothing else", arguments: [false, true])
    func reads(isLasting: Bool) async throws {
        for number in 0..<70 {
            let (bench, storage) = try await Self.prepared()
            storage.failReads(after: number, with: Self.error, lasting: isLasting)
            try await bench.start(storage)
            try await Self.pass(60, bench)
            storage.recover()
            try await Self.finish(bench, storage, "read \(number)")
        }
    }

    @Test("A commit that fails delays, and nothing else", arguments: [false, true])
    func commits(isLasting: Bool) async throws {
        for number in 0..<16 {
            let (bench, storage) = try await Self.prepared()
            storage.failCommits(after: number, with: Self.error, lasting: isLasting)
            try await bench.start(storage)
            try await Self.pass(60, bench)
            storage.recover()
            try await Self.finish(bench, storage, "commit \(number)")
        }
    }

    @Test("A change that the store does not take delays, and nothing else", arguments: [false, true])
    func refusals(isLasting: Bool) async throws {
        for number in 0..<16 {
            let (bench, storage) = try await Self.prepared()
            storage.refuseChanges(
                after: number, with: StoreError(.overloaded, "too many"), lasting: isLasting)
            try await bench.start(storage)
            try await Self.pass(60, bench)
            storage.recover()
            try await Self.finish(bench, storage, "change \(number)")
        }
    }

    @Test("A call of a model's that fails delays, and nothing else")
    func models() async throws {
        for number in 0..<4 {
            for answer in [
                ModelAnswer.failed("503", after: nil), .later(.seconds(20)), .text("", model: "m"),
            ] {
                let (bench, storage) = try await Self.prepared()
                bench.models.state.withLock { $0.plan = [number: answer] }
                try await bench.start(storage)
                try await Self.finish(bench, storage, "call \(number): \(answer)")
            }
        }
    }

    @Test("What the end of the process breaks off is due at once at the next start, no attempt lost")
    func brokenOff() async throws {
        let (bench, storage) = try await Self.prepared()
        bench.models.state.withLock { ($0.plan, $0.failing, $0.hanging) = (nil, 0, 100) }
        try await bench.start(storage)
        try await Self.pass(7, bench)
        // The summary and the title.
        #expect(bench.models.hangs == 2)
        try await bench.stop()
        #expect(bench.models.hangs == 0)
        let jobs = try storage.jobs(before: nil, count: 9) { _ in true }
        #expect(jobs.map(\.status) == [.queued, .queued] && jobs.map(\.attempts) == [0, 0])
        #expect(jobs.allSatisfy { $0.nextAt == bench.clock.wall })
        bench.models.state.withLock { $0.hanging = 0 }
        try await bench.start(storage)
        try await Self.finish(bench, storage, "broken off")
    }

    @Test("While the store is full for hours, no model is asked every second")
    func fullForHours() async throws {
        let (bench, storage) = try await Self.prepared()
        try await bench.start(storage)
        bench.models.state.withLock { $0.plan = [1: .failed("503", after: nil)] }
        // Title and summary were asked for once; what comes of the next calls finds no room.
        try await Self.pass(7, bench)
        storage.failCommits(with: Self.error, lasting: true)
        let before = bench.models.calls
        try await Self.pass(3600, bench)
        #expect(bench.models.calls - before < 20)
        storage.recover()
        try await Self.finish(bench, storage, "full for hours")
    }

    @Test("The process may end behind each commit: a session that ends twice is told twice")
    func crashes() async throws {
        for number in 0..<16 {
            let (bench, first) = try await Self.prepared()
            // From some commit on nothing is written any longer, as when the process is gone.
            first.failCommits(after: number, with: StoreError(.closed, "gone"), lasting: true)
            try await bench.start(first)
            try await Self.pass(20, bench)
            try await bench.stop()
            first.recover()
            try await bench.start(first)
            try await Self.pass(40, bench)
            var turn = SampleTurns.turn(3, in: Self.key)
            turn.exchange.createdAt = bench.clock.wall
            turn.at = bench.clock.wall
            turn.terms = SessionTerms(idleMicroseconds: 5_000_000, resolution: "explicit")
            try first.commit(.record(turn))
            try await Self.pass(7, bench)
            try await Self.finish(bench, first, ends: 2, "crash \(number)")
        }
    }
}
