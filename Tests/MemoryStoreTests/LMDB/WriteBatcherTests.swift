import MemoryStore
import Testing

@testable import LMDBMemoryStore

@Suite("The write batcher")
struct WriteBatcherTests {
    /// Small bounds, and 20 of the clock's units to linger.
    static let limits = WriteLimits(
        queuedLists: 6, queuedBytes: 100, listBytes: 60, batchLists: 4, batchBytes: 50, lingerNanoseconds: 20)

    var batcher = WriteBatcher<String>(Self.limits)

    /// What a step says, in words.
    private mutating func step(at now: Int64) -> String {
        switch batcher.next(at: now) {
        case .commit(let items): "commit " + items.joined(separator: ",")
        case .sleep(let moment): "sleep" + (moment.map { " \($0)" } ?? "")
        case .finished: "finished"
        }
    }

    @Test("sleeps until something comes")
    mutating func idle() {
        #expect(step(at: 5) == "sleep")
    }

    @Test("commits at once what somebody waits for, with all that is queued")
    mutating func awaited() throws {
        try batcher.add("a", bytes: 1, isAwaited: false, at: 0)
        try batcher.add("b", bytes: 1, isAwaited: true, at: 3)
        try batcher.add("c", bytes: 1, isAwaited: false, at: 3)
        #expect(step(at: 3) == "commit a,b,c")
        #expect(step(at: 3) == "sleep")
    }

    @Test("lets what nobody waits for linger, then commits it alone")
    mutating func lingering() throws {
        try batcher.add("a", bytes: 1, isAwaited: false, at: 7)
        #expect(step(at: 7) == "sleep 27")
        try batcher.add("b", bytes: 1, isAwaited: false, at: 10)
        #expect(step(at: 26) == "sleep 27")
        #expect(step(at: 27) == "commit a,b")
    }

    @Test("keeps the order over several batches, each within its bounds")
    mutating func bounds() throws {
        for name in ["a", "b", "c", "d", "e"] { try batcher.add(name, bytes: 1, isAwaited: true, at: 0) }
        #expect(step(at: 0) == "commit a,b,c,d")
        #expect(step(at: 0) == "commit e")
        for name in ["f", "g", "h"] { try batcher.add(name, bytes: 30, isAwaited: true, at: 0) }
        #expect(step(at: 0) == "commit f")
        #expect(step(at: 0) == "commit g")
        #expect(step(at: 0) == "commit h")
    }

    @Test("a full batch is worth a commit even if nobody waits")
    mutating func worthwhile() throws {
        for name in ["a", "b", "c"] { try batcher.add(name, bytes: 1, isAwaited: false, at: 0) }
        #expect(step(at: 1) == "sleep 20")
        try batcher.add("d", bytes: 1, isAwaited: false, at: 1)
        #expect(step(at: 1) == "commit a,b,c,d")
        try batcher.add("e", bytes: 55, isAwaited: false, at: 2)
        #expect(step(at: 2) == "commit e")
    }

    @Test("refuses what is too large, too many or too much, and has room again once a batch is taken")
    mutating func refusals() throws {
        #expect(code { try batcher.add("x", bytes: 61, isAwaited: true, at: 0) } == .tooLarge)
        for name in ["a", "b", "c", "d", "e", "f"] { try batcher.add(name, bytes: 1, isAwaited: true, at: 0) }
        #expect(code { try batcher.add("g", bytes: 1, isAwaited: true, at: 0) } == .overloaded)
        #expect(step(at: 0) == "commit a,b,c,d")
        try batcher.add("g", bytes: 50, isAwaited: true, at: 0)
        #expect(code { try batcher.add("h", bytes: 49, isAwaited: true, at: 0) } == .overloaded)
        try batcher.add("h", bytes: 48, isAwaited: true, at: 0)
        #expect(step(at: 0) == "commit e,f")
    }

    @Test("closed, it hands out what is queued at once, takes nothing more, and ends")
    mutating func closing() throws {
        try batcher.add("a", bytes: 1, isAwaited: false, at: 0)
        batcher.close()
        #expect(code { try batcher.add("b", bytes: 1, isAwaited: true, at: 0) } == .closed)
        #expect(step(at: 0) == "commit a")
        #expect(step(at: 0) == "finished")
    }

    private func code(_ body: () throws -> Void) -> StoreError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StoreError)?.code
        }
    }
}
