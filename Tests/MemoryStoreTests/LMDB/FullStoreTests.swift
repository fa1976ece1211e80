import GatewayTesting
import MemoryCore
import MemoryStore
import SystemCalls
import Testing

@testable import LMDBMemoryStore

@Suite("A full store")
struct FullStoreTests {
    let folder: TemporaryFolder
    let bound = 1 << 20

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Records until the store is full.
    ///
    /// - Returns: how many rounds it took.
    private func fill(_ storage: LMDBStorage) throws -> Int {
        let words = SampleTurns.message(String(repeating: "words ", count: 500))
        for number in 1...10_000 {
            do throws(StoreError) {
                try storage.commit(.journal(SampleTurns.question(number, messages: [words])))
                try storage.commit(.record(SampleTurns.turn(number, messages: [words])))
            } catch {
                #expect(error.code == .full)
                return number - 1
            }
        }
        Issue.record("the store is never full")
        return 0
    }

    @Test("refuses rounds, keeps to its bound, and keeps what it has, over closing and opening")
    func bounds() throws {
        let storage = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: bound))
        let rounds = try fill(storage)
        #expect(rounds > 50)
        #expect(try storage.statistics().usedBytes <= bound)
        #expect(try storage.statistics().usedBytes > bound / 2)
        storage.close()

        let again = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: bound))
        let turns = try again.turns(of: SampleTurns.session())
        #expect(turns.map(\.round) == Array(1...rounds))
        #expect(turns.allSatisfy { $0.messages.count == 2 })
        #expect(
            code { try again.commit(.record(SampleTurns.turn(90_000, messages: [largeMessage]))) } == .full)
        again.close()
    }

    @Test("goes on where it stopped once its bound is raised, without a gap in its numbers")
    func raised() throws {
        let storage = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: bound))
        let rounds = try fill(storage)
        storage.close()
        let larger = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: 4 * bound))
        let receipts = try larger.commit(.record(SampleTurns.turn(90_000, messages: [largeMessage])))
        #expect(receipts == [.recorded(round: rounds + 1)])
        larger.close()
    }

    @Test("deletes all the same, however many transactions that takes, and then records again")
    func deleting() throws {
        let storage = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: bound))
        let key = SampleTurns.session()
        let rounds = try fill(storage)
        // Until not even a word fits.
        for bytes in [50_000, 1] {
            for number in 0... {
                let entry = PluginEntry(
                    owner: key.owner, plugin: "p", key: "\(bytes) \(number)",
                    value: [UInt8](repeating: 1, count: bytes))
                guard (try? storage.commit(.keep(entry))) != nil else { break }
            }
        }
        for node in 1...UInt64(rounds) {
            #expect(try storage.commit(.trim(SessionTrim(key, nodes: [node]))) == [.deleted(1)])
        }
        try storage.commit(.record(SampleTurns.turn(90_000)))
        #expect(try storage.turns(of: key).last?.round == rounds + 1)
        storage.close()
    }

    @Test("still recovers questions at its start: the reserve is there for that")
    func recovery() throws {
        let storage = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: bound))
        try storage.commit(.journal(SampleTurns.question(50_000, in: SampleTurns.session("s2"))))
        _ = try fill(storage)
        storage.close()
        let again = try LMDBStorage.open(at: folder.path, LMDBOptions(maximumBytes: bound))
        #expect(try again.recoverInterrupted(at: SampleTurns.moment(60_000)) >= 1)
        #expect(try again.messages(of: SampleTurns.session("s2")).map(\.message.status) == [.interrupted])
        again.close()
    }

    @Test("a disk that fills up in the midst of recovery keeps the rest for another start")
    func recoveryWithoutDisk() throws {
        let faults = StorageFaults()
        var options = LMDBOptions()
        options.faults = faults
        let storage = try LMDBStorage.open(at: folder.path, options)
        for number in 1...100 { try storage.apply([.journal(SampleTurns.question(number))], .withNextBatch) }
        storage.close()
        let again = try LMDBStorage.open(at: folder.path, options)
        faults.fail(after: 300, with: 28, lasting: true)
        let first = try again.recoverInterrupted(at: SampleTurns.moment(999))
        #expect(first < 100)
        faults.clear()
        #expect(try again.recoverInterrupted(at: SampleTurns.moment(999)) == 100 - first)
        #expect(
            try again.messages(of: SampleTurns.session()).map(\.exchange)
                == (1...100).map(SampleTurns.exchange))
        again.close()
    }

    private var largeMessage: NewMessage { SampleTurns.message(String(repeating: "x", count: 300_000)) }
}
