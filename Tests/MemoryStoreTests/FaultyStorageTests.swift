import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

@Suite("A faulty store fails as it is told")
struct FaultyStorageTests {
    let storage = FaultyStorage()
    let full = StoreError(.full, "full")

    @Test("without faults it keeps the contract", arguments: StorageContract.all)
    func contract(_ promise: StorageContract) throws {
        try promise.hold(
            over: StorageEngine("faulty") {
                let inner = InMemoryStorage()
                return StorageUnderTest(FaultyStorage(inner)) { _ in FaultyStorage(inner.reopened()) }
            })
    }

    @Test("held commits settle when they are released, in their order")
    func holding() throws {
        let waiter = CommitWaiter()
        storage.holdCommits()
        for number in 1...3 {
            try storage.apply([.record(SampleTurns.turn(number))], .waiting(ticket: UInt64(number), waiter))
        }
        storage.waitUntilHeld(3)
        #expect(try storage.session(SampleTurns.session()) == nil)
        #expect(waiter.calls.isEmpty)
        try storage.releaseCommits()
        #expect(waiter.calls == [[1], [2], [3]])
        #expect(try storage.session(SampleTurns.session())?.lastRound == 3)
    }

    @Test("the chosen change is refused, the chosen commit fails, the chosen read throws, and no other")
    func counting() throws {
        storage.refuseChanges(after: 1, with: full)
        try storage.commit(.record(SampleTurns.turn(1)))
        #expect(throws: full) { try storage.commit(.record(SampleTurns.turn(2))) }
        try storage.commit(.record(SampleTurns.turn(3)))
        storage.failCommits(with: full, lasting: true)
        #expect(throws: full) { try storage.commit(.record(SampleTurns.turn(4))) }
        #expect(throws: full) { try storage.commit(.record(SampleTurns.turn(5))) }
        storage.recover()
        storage.failReads(with: full)
        #expect(throws: full) { try storage.session(SampleTurns.session()) }
        #expect(try storage.session(SampleTurns.session())?.lastRound == 2)
    }
}
