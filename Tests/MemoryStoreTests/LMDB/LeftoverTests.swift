import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

@testable import LMDBMemoryStore

@Suite("Nothing is left behind that nobody reads")
struct LeftoverTests {
    let folder: TemporaryFolder
    let bench: CommitBench

    init() throws {
        folder = try TemporaryFolder()
        bench = try CommitBench(folder)
    }

    private func entries(of table: Table) throws -> Int {
        try bench.environment.read { (transaction) throws(StoreError) in
            try asStoreError { () throws(LMDBError) in try transaction.entries(of: table) }
        }
    }

    @Test("a recorded question has left the journal, all parts of it")
    func recorded() throws {
        let long = SampleTurns.message(String(repeating: "long ", count: 40_000))
        try bench.commitOne(.journal(SampleTurns.question(1, messages: [long])))
        try bench.commitOne(.journal(SampleTurns.question(2)))
        #expect(try entries(of: bench.tables.journal) == 5)
        try bench.commitOne(.record(SampleTurns.turn(1, messages: [long])))
        #expect(try entries(of: bench.tables.journal) == 1)
        try bench.commitOne(.record(SampleTurns.turn(2, replies: [], outcome: .failed)))
        #expect(try entries(of: bench.tables.journal) == 0)
        bench.close()
    }

    @Test("a question journalled again, or recovered, has left the journal")
    func recovered() throws {
        let long = SampleTurns.message(String(repeating: "long ", count: 40_000))
        try bench.commitOne(.journal(SampleTurns.question(1, messages: [long])))
        try bench.commitOne(.journal(SampleTurns.question(1)))
        #expect(try entries(of: bench.tables.journal) == 1)
        let recovery = Recovery(environment: bench.environment, applier: ChangeApplier(tables: bench.tables))
        #expect(try recovery.run(at: SampleTurns.moment(9)) == 1)
        #expect(try entries(of: bench.tables.journal) == 0)
        bench.close()
    }

    @Test("a reply that an amendment makes shorter has only the parts it needs")
    func amended() throws {
        try bench.commitOne(.record(SampleTurns.turn(1)))
        for (count, parts) in [(200_000, 8), (70_000, 4), (10, 0)] {
            var reply = SampleTurns.reply(String(repeating: "x", count: count))
            reply.reasoning = String(repeating: "x", count: count)
            let amended = AmendedReply(
                exchange: SampleTurns.exchange(1), session: SampleTurns.session(), replies: [reply])
            try bench.commitOne(.amend(amended))
            #expect(try entries(of: bench.tables.chunks) == parts)
        }
        bench.close()
    }

    @Test("names are interned once, with a way back")
    func names() throws {
        for number in 1...5 { try bench.commitOne(.record(SampleTurns.turn(number))) }
        try bench.commitOne(.record(SampleTurns.turn(6, in: SampleTurns.session("s2"))))
        // Tenant, policy, user and two sessions, and what these two are called in their tenant.
        #expect(try entries(of: bench.tables.names) == 7)
        #expect(try entries(of: bench.tables.labels) == 5)
        bench.close()
    }
}
