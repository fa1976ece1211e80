import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

@testable import LMDBMemoryStore

@Suite("Migrations")
struct MigrationTests {
    let folder: TemporaryFolder
    let environment: Environment
    let tables: Tables

    init() throws {
        folder = try TemporaryFolder()
        environment = try Environment(
            folder: folder.path, mapBytes: 1 << 24, maximumReaders: 8, tables: Tables.maximum)
        let transaction = try WriteTransaction(environment)
        tables = try Tables(transaction)
        try transaction.commit()
    }

    /// A step that doubles a number of its own.
    static func doubling(from version: UInt64) -> Migration {
        Migration(from: version) { (transaction, tables) throws(StoreError) in
            do throws(LMDBError) {
                let key = Array("test".utf8)
                let found = try transaction.value(for: key.span, in: tables.meta)?[0] ?? 1
                let doubled = [found * 2]
                try transaction.put(doubled.span, for: key.span, in: tables.meta)
            } catch {
                throw error.storeError
            }
        }
    }

    private func state() throws -> [UInt64?] {
        try environment.read { (transaction) throws(StoreError) in
            let key = Array("test".utf8)
            let version = try Meta.schemaVersion(in: transaction, tables.meta)
            do throws(LMDBError) {
                guard let value = try transaction.value(for: key.span, in: tables.meta) else {
                    return [version, nil]
                }
                return [version, UInt64(value[0])]
            } catch {
                throw error.storeError
            }
        }
    }

    @Test("a new store has the current version and runs no step")
    func new() throws {
        try Migrations.bring(
            environment, tables, to: 3, by: [Self.doubling(from: 1), Self.doubling(from: 2)])
        #expect(try state() == [3, nil])
        environment.close()
    }

    @Test("an older store is brought up step by step, once")
    func older() throws {
        try Migrations.bring(environment, tables, to: 1, by: [])
        let steps = [1, 2, 3].map { Self.doubling(from: $0) }
        try Migrations.bring(environment, tables, to: 4, by: steps)
        #expect(try state() == [4, 8])
        try Migrations.bring(environment, tables, to: 4, by: steps)
        #expect(try state() == [4, 8])
        environment.close()
    }

    @Test("a step that fails leaves the store as the step before left it")
    func failing() throws {
        try Migrations.bring(environment, tables, to: 1, by: [])
        let failing = Migration(from: 2) { (transaction, tables) throws(StoreError) in
            try Self.doubling(from: 2).run(&transaction, tables)
            throw StoreError(.damaged, "no further")
        }
        #expect(
            code { try Migrations.bring(environment, tables, to: 3, by: [Self.doubling(from: 1), failing]) }
                == .damaged)
        #expect(try state() == [2, 2])
        environment.close()
    }

    @Test("a newer store is refused with words that help, and so is one without a step")
    func newer() throws {
        try Migrations.bring(environment, tables, to: 9, by: [])
        let error = #expect(throws: StoreError.self) { try Migrations.bring(environment, tables) }
        #expect(error?.context.contains("schema 9") == true)
        #expect(error?.context.contains("memgate import") == true)
        #expect(throws: StoreError.self) { try Migrations.bring(environment, tables, to: 10, by: []) }
        environment.close()
    }

    @Test("a store of schema 1 gets lives, deadlines and sources")
    func sessionsThatEnd() throws {
        try Migrations.bring(environment, tables, to: 1, by: [])
        var row = RecordWriter(version: 1)
        for moment in [1, 5] { row.signed(SampleTurns.moment(moment).microseconds) }
        row.unsigned(1)
        row.unsigned(2)
        row.integer(1)
        row.byte(1)
        var summary = RecordWriter(version: 1)
        summary.optional(nil as Int64?)
        summary.byte(SessionSummary.Purpose.end.rawValue)
        for number in [1, 1] { summary.integer(number) }
        summary.unsigned(2)
        summary.signed(SampleTurns.moment(6).microseconds)
        summary.optional("a-model")
        summary.text("They met.")
        do {
            var transaction = try WriteTransaction(environment)
            let applier = ChangeApplier(tables: tables)
            let id = try applier.internSession(SampleTurns.session(), in: &transaction)
            let (session, link) = (KeyLayout.session(id), KeyLayout.summary(session: id, number: 1))
            try transaction.put(row.bytes.span, for: session.span, in: tables.sessions)
            try transaction.put(summary.bytes.span, for: link.span, in: tables.summaries)
            let question = StoredMessage(
                node: 1, parent: 0, round: 1, index: 0, exchange: SampleTurns.exchange(1),
                createdAt: SampleTurns.moment(2), message: SampleTurns.message("Hello"))
            try applier.write(question, of: id, in: &transaction)
            try transaction.commit()
        }
        try Migrations.bring(environment, tables)
        environment.close()
        let storage = try LMDBStorage.open(at: folder.path)
        let details = try storage.details(of: SampleTurns.session())
        #expect(details?.snapshot.lastRound == 1)
        #expect(details?.snapshot.bringsHistory == true)
        #expect(details?.life.status == .open)
        #expect(details?.messages == 1)
        #expect(try storage.statistics().sessionsByStatus[.open] == 1)
        for (age, moment) in [(SessionAge.oldestMessage, 2), (.lastActivity, 5)] {
            let found = try storage.agedSessions(
                by: age, policy: "default", after: nil, before: SampleTurns.moment(9), count: 9)
            #expect(found.map(\.moment) == [SampleTurns.moment(moment)])
        }
        let due = SampleTurns.moment(5 + 1800)
        #expect(try storage.nextSessionDeadline() == due)
        #expect(try storage.dueSessions(at: due, count: 9) == [SampleTurns.session()])
        let told = try storage.summaries(of: SampleTurns.session())
        #expect(told.map(\.text) == ["They met."])
        #expect(told.map(\.source) == [.model])
        storage.close()
    }
}
