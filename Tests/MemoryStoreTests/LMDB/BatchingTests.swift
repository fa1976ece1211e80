import GatewayTesting
import MemoryCore
import MemoryStore
import SystemCalls
import Testing

@testable import LMDBMemoryStore

@Suite("Batches over LMDB")
struct BatchingTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("what nobody waits for shares the commit of what somebody does")
    func sharing() throws {
        let storage = try LMDBStorage.open(at: folder.path, LMDBOptions(linger: .seconds(3600)))
        try storage.apply([.journal(SampleTurns.question(1))], .withNextBatch)
        try storage.apply([.record(SampleTurns.turn(2))], .withNextBatch)
        #expect(try storage.session(SampleTurns.session()) == nil)
        let receipts = try storage.commit(.record(SampleTurns.turn(3)))
        #expect(receipts == [.recorded(round: 2)])
        #expect(try storage.statistics().commits == 1)
        #expect(try storage.statistics().changes == 3)
        storage.close()
    }

    @Test("changes that gather during a commit are one batch, of which each listener is told once")
    func gathering() throws {
        let storage = try LMDBStorage.open(at: folder.path)
        let (blocking, waiters) = (BlockingListener(), [CommitWaiter(), CommitWaiter()])
        try storage.apply([.record(SampleTurns.turn(1))], .waiting(ticket: 1, blocking))
        blocking.waitUntilEntered()
        for number in 2...51 {
            try storage.apply(
                [.record(SampleTurns.turn(number))], .waiting(ticket: UInt64(number), waiters[number % 2]))
        }
        blocking.release()
        #expect(try waiters[1].result(of: 51).get() == [.recorded(round: 51)])
        #expect(try waiters[0].result(of: 50).get() == [.recorded(round: 50)])
        #expect(waiters[0].calls == [Array(stride(from: 2, through: 50, by: 2))])
        #expect(waiters[1].calls == [Array(stride(from: 3, through: 51, by: 2))])
        #expect(try storage.statistics().commits == 2)
        storage.close()
    }

    @Test("a queue at its bound refuses more, loses nothing it took, and takes more later")
    func overloaded() throws {
        let storage = try LMDBStorage.open(at: folder.path, LMDBOptions(queuedLists: 4, queuedBytes: 20_000))
        let (blocking, waiter) = (BlockingListener(), CommitWaiter())
        try storage.apply([.record(SampleTurns.turn(1))], .waiting(ticket: 1, blocking))
        blocking.waitUntilEntered()
        for number in 2...5 {
            try storage.apply([.record(SampleTurns.turn(number))], .waiting(ticket: UInt64(number), waiter))
        }
        #expect(code { try storage.apply([.record(SampleTurns.turn(6))], .withNextBatch) } == .overloaded)
        blocking.release()
        #expect(try waiter.result(of: 5).get() == [.recorded(round: 5)])
        try storage.commit(.record(SampleTurns.turn(6)))
        let large = SampleTurns.message(String(repeating: "x", count: 20_000))
        let turn = SampleTurns.turn(7, messages: [large])
        #expect(code { try storage.apply([.record(turn)], .withNextBatch) } == .tooLarge)
        #expect(try storage.turns(of: SampleTurns.session()).map(\.round) == Array(1...6))
        storage.close()
    }

    @Test("a list that stands in the way for its own reasons fails alone")
    func ownReasons() throws {
        let bench = try CommitBench(folder)
        let keys = ["a", "b", "c"].map { SampleTurns.session($0) }
        for (number, key) in keys.enumerated() {
            try bench.commitOne(.record(SampleTurns.turn(number, in: key)))
        }
        try bench.damageSession(keys[1])
        let outcomes = bench.commit(keys.enumerated().map { [.record(SampleTurns.turn(10 + $0, in: $1))] })
        #expect(
            outcomes == [
                .success([.recorded(round: 2)]), .failure(.damaged), .success([.recorded(round: 2)]),
            ])
        bench.close()
        let storage = try LMDBStorage.open(at: folder.path)
        #expect(try storage.turns(of: keys[0]).count == 2)
        #expect(try storage.turns(of: keys[2]).count == 2)
        #expect(code { _ = try storage.session(keys[1]) } == .damaged)
        #expect(try storage.exchange(SampleTurns.exchange(11)) == nil)
        storage.close()
    }

    @Test(
        "of the questions of a batch, one that it records is done with, one whose record is refused is kept")
    func questions() throws {
        let bench = try CommitBench(folder)
        var late = SampleTurns.turn(1)
        late.at = SampleTurns.moment(30)
        var refused = SampleTurns.reply("no")
        refused.model = String(repeating: "m", count: 300_000)
        let outcomes = bench.commit([
            [.journal(SampleTurns.question(1))], [.journal(SampleTurns.question(2))], [.record(late)],
            [.record(SampleTurns.turn(2, replies: [refused]))],
        ])
        #expect(
            outcomes == [
                .success([.journalled]), .success([.journalled]), .success([.recorded(round: 1)]),
                .failure(.tooLarge),
            ])
        bench.close()
        let storage = try LMDBStorage.open(at: folder.path)
        #expect(try storage.session(SampleTurns.session())?.createdAt == SampleTurns.moment(1))
        #expect(try storage.recoverInterrupted(at: SampleTurns.moment(60)) == 1)
        let messages = try storage.messages(of: SampleTurns.session())
        #expect(messages.map(\.message.status) == [.complete, .complete, .interrupted])
        #expect(messages.last?.exchange == SampleTurns.exchange(2))
        storage.close()
    }

    @Test(
        "of a batch that does not fit into the map, what fits alone is committed, and the rest fails as full")
    func mapFull() throws {
        let bench = try CommitBench(folder, mapBytes: 1 << 20)
        let large = SampleTurns.message(String(repeating: "x", count: 2 << 20))
        let session = SampleTurns.session()
        let outcomes = bench.commit([
            [.record(SampleTurns.turn(1))], [.record(SampleTurns.turn(2, messages: [large]))],
            [.journal(SampleTurns.question(3)), .record(SampleTurns.turn(3))],
        ])
        #expect(
            outcomes == [
                .success([.recorded(round: 1)]), .failure(.full),
                .success([.journalled, .recorded(round: 2)]),
            ])
        bench.close()
        let storage = try LMDBStorage.open(at: folder.path)
        #expect(try storage.turns(of: session).flatMap(\.messages).map(\.node) == [1, 2, 3, 4])
        storage.close()
    }
}

/// Blocks the engine's thread within its first call, until it is released.
final class BlockingListener: CommitListener {
    private let state = Monitor((entered: false, released: false))

    func settled(_ commits: [SettledCommit]) {
        state.update { $0.entered = true }
        state.wait { $0.released ? .now(()) : .sleep(until: nil) }
    }

    func waitUntilEntered() {
        state.wait { $0.entered ? .now(()) : .sleep(until: nil) }
    }

    func release() {
        state.update { $0.released = true }
    }
}
