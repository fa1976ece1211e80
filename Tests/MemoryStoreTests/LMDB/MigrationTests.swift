import GatewayTesting
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
        environment = try Environment(folder: folder.path, mapBytes: 1 << 24, maximumReaders: 8, tables: 16)
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
}
