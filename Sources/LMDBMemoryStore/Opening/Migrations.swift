internal import MemoryStore
internal import SystemCalls

/// One step that brings a store from a version of the schema to the next.
struct Migration: Sendable {
    /// The version it starts from; it ends with the next one.
    let from: UInt64
    /// Rewrites what changed. It and the new version number are committed together.
    let run: @Sendable (inout WriteTransaction, Tables) throws(StoreError) -> Void
}

/// The schema's versions.
enum Migrations {
    /// What this version of memgate writes.
    static let current: UInt64 = 2

    /// Every step that was ever needed, oldest first.
    static let steps = [sessionsThatEnd]

    /// Brings a store to a version, a transaction a step; a new store starts with it.
    static func bring(
        _ environment: Environment, _ tables: Tables, to current: UInt64 = current,
        by steps: [Migration] = steps
    ) throws(StoreError) {
        let found = try environment.read { (transaction) throws(StoreError) in
            try Meta.schemaVersion(in: transaction, tables.meta)
        }
        guard var version = found else {
            return try change(environment, tables, to: current) { (transaction, tables) throws(StoreError) in
                try Meta.setCreated(SystemClock.wallMicroseconds(), in: &transaction, tables.meta)
            }
        }
        guard version <= current else {
            throw StoreError(
                .damaged,
                """
                The store was written by a newer memgate (schema \(version), this one knows \(current)). \
                Start that version or a newer one; or export there, and read the export into a new folder by \
                `memgate import`.
                """)
        }
        while version < current {
            guard let step = steps.first(where: { $0.from == version }) else {
                throw StoreError(
                    .damaged,
                    "The store has schema \(version), which this memgate has no step for: start an older one."
                )
            }
            try change(environment, tables, to: version + 1, step.run)
            version += 1
        }
    }

    private static func change(
        _ environment: Environment, _ tables: Tables, to version: UInt64,
        _ body: (inout WriteTransaction, Tables) throws(StoreError) -> Void
    ) throws(StoreError) {
        var transaction = try asStoreError { () throws(LMDBError) in try WriteTransaction(environment) }
        try body(&transaction, tables)
        try Meta.setSchemaVersion(version, in: &transaction, tables.meta)
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw error.storeError
        }
    }
}
