import GatewayTesting
import MemoryCore
import MemoryStore

@testable import LMDBMemoryStore

/// A batch committer without its thread: what is one batch is what the test says.
struct CommitBench {
    /// What became of a list, without words.
    enum Outcome: Equatable {
        case success([ChangeReceipt])
        case failure(StoreError.Code)
    }

    let environment: Environment
    let tables: Tables
    private let committer: BatchCommitter

    init(_ folder: TemporaryFolder, mapBytes: Int = 1 << 26, faults: StorageFaults? = nil) throws {
        environment = try Environment(
            folder: folder.path, mapBytes: mapBytes, maximumReaders: 8, tables: Tables.maximum, faults: faults
        )
        let transaction = try WriteTransaction(environment)
        tables = try Tables(transaction)
        try transaction.commit()
        try Migrations.bring(environment, tables)
        committer = BatchCommitter(
            environment: environment, applier: ChangeApplier(tables: tables), maximumBytes: Int.max,
            counters: StoreCounters())
    }

    /// Commits lists as one batch.
    func commit(_ lists: [[MemoryChange]]) -> [Outcome] {
        committer.commit(lists.map { PendingList($0, .withNextBatch) }).map { outcome in
            switch outcome {
            case .success(let receipts): .success(receipts)
            case .failure(let error): .failure(error.code)
            }
        }
    }

    func commitOne(_ change: MemoryChange) throws {
        for outcome in committer.commit([PendingList([change], .withNextBatch)]) { _ = try outcome.get() }
    }

    /// Writes nonsense into a session's row.
    func damageSession(_ key: SessionKey) throws {
        var transaction = try WriteTransaction(environment)
        guard let id = try tables.sessionID(of: key, in: transaction) else { return }
        let (rowKey, nonsense) = (KeyLayout.session(id), [UInt8](repeating: 0xEE, count: 9))
        try transaction.put(nonsense.span, for: rowKey.span, in: tables.sessions)
        try transaction.commit()
    }

    func close() {
        environment.close()
    }
}
