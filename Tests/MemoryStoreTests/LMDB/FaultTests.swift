import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

@testable import LMDBMemoryStore

@Suite("When the n-th call of the library fails")
struct FaultTests {
    /// No space (ENOSPC), an input/output error (EIO), the map is full (MDB_MAP_FULL).
    static let failures: [Int32] = [28, 5, -30_792]

    /// Batches that touch every kind of change, new and known sessions, long texts and siblings.
    static let script: [[[MemoryChange]]] = [
        [[.journal(SampleTurns.question(1))]],
        [
            [.record(SampleTurns.turn(1))],
            [.journal(SampleTurns.question(2)), .journal(SampleTurns.question(3))],
        ],
        [
            [
                .record(
                    SampleTurns.turn(2, replies: [SampleTurns.reply("a"), SampleTurns.reply("b", choice: 1)]))
            ],
            [.record(SampleTurns.turn(4, in: SampleTurns.session("other"), messages: [long]))],
        ],
        [[.amend(amendment(2)), .record(SampleTurns.turn(5, replies: [], outcome: .failed))]],
        [[.amend(amendment(4, in: SampleTurns.session("other")))], [.record(SampleTurns.turn(3))]],
    ]

    static let long = SampleTurns.message(String(repeating: "long ", count: 40_000))

    static func amendment(_ number: Int, in session: SessionKey = SampleTurns.session()) -> AmendedReply {
        let replies = (0..<3).map { SampleTurns.reply(String(repeating: "w", count: 70_000), choice: $0) }
        return AmendedReply(exchange: SampleTurns.exchange(number), session: session, replies: replies)
    }

    @Test("nothing settled is lost and nothing unsettled is half there", arguments: failures, [false, true])
    func everyCall(_ failure: Int32, lasting: Bool) throws {
        let calls = try run(failingAfter: .max, failure, lasting: false)
        #expect(calls > 50)
        for place in 0..<calls { _ = try run(failingAfter: place, failure, lasting: lasting) }
    }

    /// Runs the script with one fault, and compares with a model that took only what was settled.
    ///
    /// - Returns: how many calls there were.
    private func run(failingAfter place: Int, _ failure: Int32, lasting: Bool) throws -> Int {
        let folder = try TemporaryFolder()
        let faults = StorageFaults()
        let bench = try CommitBench(folder, faults: faults)
        let model = InMemoryStorage()
        var failed = 0
        faults.fail(after: place, with: failure, lasting: lasting)
        for batch in Self.script {
            for (list, outcome) in zip(batch, bench.commit(batch)) {
                switch outcome {
                case .success(let receipts):
                    let waiter = CommitWaiter()
                    try model.apply(list, .waiting(ticket: 1, waiter))
                    #expect(try waiter.result(of: 1).get() == receipts)
                case .failure(let code):
                    failed += 1
                    #expect(code == (failure == 5 ? .system : .full))
                }
            }
        }
        let calls = faults.clear()
        bench.close()
        // A single full call is retried list by list, so that it may cost nothing.
        if place < calls, failure == 5 || lasting { #expect(failed > 0) }
        let storage = try LMDBStorage.open(at: folder.path)
        for session in [SampleTurns.session(), SampleTurns.session("other")] {
            #expect(try storage.session(session) == model.session(session), "fault \(place)")
            #expect(try storage.messages(of: session) == model.messages(of: session), "fault \(place)")
        }
        let moment = SampleTurns.moment(99)
        #expect(
            try storage.recoverInterrupted(at: moment) == model.recoverInterrupted(at: moment),
            "fault \(place)")
        storage.close()
        return calls
    }
}
