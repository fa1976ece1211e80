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

    /// Queues, whether or not the thread has to be woken.
    private mutating func add(_ name: String, bytes: Int = 1, isAwaited: Bool = true, at now: Int64) throws {
        _ = try batcher.add(name, bytes: bytes, isAwaited: isAwaited, at: now)
    }

    @Test("sleeps until something comes")
    mutating func idle() {
        #expect(step(at: 5) == "sleep")
    }

    @Test("looks again a while after a batch, so that what lingers wakes nobody")
    mutating func restless() throws {
        try add("a", at: 100)
        #expect(step(at: 100) == "commit a")
        #expect(step(at: 105) == "sleep 120")
        var wakes = try batcher.add("b", bytes: 1, isAwaited: false, at: 106)
        #expect(!wakes, "the thread looks at 120, which is before 126")
        #expect(step(at: 120) == "sleep 126")
        wakes = try batcher.add("c", bytes: 1, isAwaited: true, at: 121)
        #expect(wakes)
        #expect(step(at: 121) == "commit b,c")
        #expect(step(at: 141) == "sleep")
        wakes = try batcher.add("d", bytes: 1, isAwaited: false, at: 150)
        #expect(wakes, "asleep for good")
        for name in ["e", "f"] { try add(name, isAwaited: false, at: 150) }
        #expect(step(at: 150) == "sleep 170")
        wakes = try batcher.add("g", bytes: 1, isAwaited: false, at: 151)
        #expect(wakes, "a full batch")
        #expect(step(at: 151) == "commit d,e,f,g")
        wakes = try batcher.add("h", bytes: 1, isAwaited: false, at: 152)
        #expect(!wakes, "at work, it looks before it sleeps")
    }

    @Test("commits at once what somebody waits for, with all that is queued")
    mutating func awaited() throws {
        try add("a", isAwaited: false, at: 0)
        try add("b", at: 3)
        try add("c", isAwaited: false, at: 3)
        #expect(step(at: 3) == "commit a,b,c")
        #expect(step(at: 23) == "sleep")
    }

    @Test("lets what nobody waits for linger, then commits it alone")
    mutating func lingering() throws {
        try add("a", isAwaited: false, at: 7)
        #expect(step(at: 7) == "sleep 27")
        try add("b", isAwaited: false, at: 10)
        #expect(step(at: 26) == "sleep 27")
        #expect(step(at: 27) == "commit a,b")
    }

    @Test("keeps the order over several batches, each within its bounds")
    mutating func bounds() throws {
        for name in ["a", "b", "c", "d", "e"] { try add(name, at: 0) }
        #expect(step(at: 0) == "commit a,b,c,d")
        #expect(step(at: 0) == "commit e")
        for name in ["f", "g", "h"] { try add(name, bytes: 30, isAwaited: true, at: 0) }
        #expect(step(at: 0) == "commit f")
        #expect(step(at: 0) == "commit g")
        #expect(step(at: 0) == "commit h")
    }

    @Test("a full batch is worth a commit even if nobody waits")
    mutating func worthwhile() throws {
        for name in ["a", "b", "c"] { try add(name, isAwaited: false, at: 0) }
        #expect(step(at: 1) == "sleep 20")
        try add("d", isAwaited: false, at: 1)
        #expect(step(at: 1) == "commit a,b,c,d")
        try add("e", bytes: 55, isAwaited: false, at: 2)
        #expect(step(at: 2) == "commit e")
    }

    @Test("refuses what is too large, too many or too much, and has room again once a batch is taken")
    mutating func refusals() throws {
        #expect(code { try add("x", bytes: 61, isAwaited: true, at: 0) } == .tooLarge)
        for name in ["a", "b", "c", "d", "e", "f"] { try add(name, at: 0) }
        #expect(code { try add("g", at: 0) } == .overloaded)
        #expect(step(at: 0) == "commit a,b,c,d")
        try add("g", bytes: 50, isAwaited: true, at: 0)
        #expect(code { try add("h", bytes: 49, isAwaited: true, at: 0) } == .overloaded)
        try add("h", bytes: 48, isAwaited: true, at: 0)
        #expect(step(at: 0) == "commit e,f")
    }

    @Test("closed, it hands out what is queued at once, takes nothing more, and ends")
    mutating func closing() throws {
        try add("a", isAwaited: false, at: 0)
        batcher.close()
        #expect(code { try add("b", at: 0) } == .closed)
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
