public import MemoryCore
public import MemoryStore
internal import NIOCore
internal import Synchronization
internal import SystemCalls

/// The memory in an LMDB environment: one writer thread that groups commits, readers on whatever thread asks.
///
/// A settled change is on the disk. One process opens a folder at a time, and opens it once.
public final class LMDBStorage: MemoryStorage {
    /// How many reads may be open at a time.
    static let maximumReaders: UInt32 = 512

    let environment: Environment
    let tables: Tables
    private let folder: OpenFolders.Identity
    private let writer: Writer
    private let reader: ReaderThread
    private let counters: StoreCounters
    private let maximumBytes: Int
    private let isClosed = Mutex(false)

    /// Opens the store of a folder, making both where they are missing. Blocks.
    ///
    /// - Throws: `damaged` where the files are not what the engine wrote, with words on how to mend it;
    ///   `system` where the folder cannot be used.
    public static func open(
        at path: String, _ options: LMDBOptions = LMDBOptions()
    ) throws(StoreError) -> LMDBStorage {
        let files = try StoreFiles(path, allowsRemoteFileSystem: options.allowsRemoteFileSystem)
        let folder = try OpenFolders.claim(path)
        do throws(StoreError) {
            let length = try files.verify()
            try files.reserveLocks()
            let storage = try LMDBStorage(path, folder, options, length: length)
            try files.leaveMark()
            return storage
        } catch {
            OpenFolders.release(folder)
            throw error
        }
    }

    private init(
        _ path: String, _ folder: OpenFolders.Identity, _ options: LMDBOptions, length: Int
    ) throws(StoreError) {
        // A bound that was lowered since must not take the reserve away.
        let mapBytes = max(options.maximumBytes, length) + options.reserveBytes
        let environment = try asStoreError { () throws(LMDBError) in
            try Environment(
                folder: path, mapBytes: mapBytes, maximumReaders: Self.maximumReaders, tables: Tables.maximum,
                isSynced: options.isSynced, faults: options.faults)
        }
        do throws(StoreError) {
            tables = try Self.prepare(environment)
            let counters = StoreCounters()
            let committer = BatchCommitter(
                environment: environment, applier: ChangeApplier(tables: tables),
                maximumBytes: options.maximumBytes, counters: counters)
            do throws(SystemError) {
                reader = try ReaderThread()
                writer = try Writer(committer, options.writeLimits, onCommit: options.onCommit)
            } catch {
                throw StoreError(.system, "\(error)")
            }
            self.counters = counters
        } catch {
            environment.close()
            throw error
        }
        self.environment = environment
        self.folder = folder
        maximumBytes = options.maximumBytes
    }

    private static func prepare(_ environment: Environment) throws(StoreError) -> Tables {
        _ = environment.checkReaders()
        let tables = try asStoreError { () throws(LMDBError) in
            let transaction = try WriteTransaction(environment)
            let tables = try Tables(transaction)
            try transaction.commit()
            return tables
        }
        try Migrations.bring(environment, tables)
        return tables
    }

    // MARK: - Changes

    /// Queues changes for the writer thread. Returns at once, from any thread.
    public func apply(_ changes: [MemoryChange], _ urgency: Urgency) throws(StoreError) {
        let list = PendingList(changes, urgency)
        try list.checkNames()
        try writer.add(list)
    }

    // MARK: - Reads

    /// The session of a key, as last committed.
    public func session(_ key: SessionKey) throws(StoreError) -> SessionSnapshot? {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction) else { return nil }
            return try tables.numbers(of: id, in: transaction)?.snapshot(key)
        }
    }

    /// Walks the active branch, newest round first, within one snapshot; `visit` runs inside the read.
    public func walkTurns(
        of key: SessionKey, _ visit: (StoredTurn) -> Bool
    ) throws(StoreError) -> SessionSnapshot? {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction),
                let session = try tables.numbers(of: id, in: transaction)
            else { return nil }
            try walk(session, id, transaction, visit)
            return session.snapshot(key)
        }
    }

    private func walk(
        _ session: SessionRow.Numbers, _ id: UInt64, _ transaction: borrowing ReadTransaction,
        _ visit: (StoredTurn) -> Bool
    ) throws(StoreError) {
        var round = 0
        var newestFirst: [StoredTurn.Message] = []
        var cursor: Cursor
        do throws(LMDBError) {
            cursor = try Cursor(transaction, tables.messages)
        } catch {
            throw error.storeError
        }
        var node = session.head
        while node != 0 {
            guard let found = try tables.walked(node, of: id, &cursor, in: transaction) else {
                // What was deleted ends the branch.
                if node <= session.trimmed.node { break }
                throw StoreError(.damaged, "A message of the active branch is missing in the store.")
            }
            node = found.parent
            guard let its = found.round else { continue }
            if its != round, !newestFirst.isEmpty {
                guard visit(StoredTurn(round: round, messages: newestFirst.reversed())) else { return }
                newestFirst.removeAll(keepingCapacity: true)
            }
            round = its
            newestFirst.append(found.message)
        }
        if !newestFirst.isEmpty { _ = visit(StoredTurn(round: round, messages: newestFirst.reversed())) }
    }

    /// Every message of a session, as last committed.
    public func messages(of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction) else { return [] }
            var messages: [StoredMessage] = []
            for place in try tables.places(of: id, after: 0, count: Int.max, in: transaction) {
                if let message = try tables.message(place.node, of: id, in: transaction) {
                    messages.append(message)
                }
            }
            return messages
        }
    }

    /// The record of an exchange, as last committed.
    public func exchange(_ id: ExchangeID) throws(StoreError) -> ExchangeRecord? {
        try environment.read { (transaction) throws(StoreError) in
            try tables.exchange(id, in: transaction)?.record
        }
    }

    // MARK: - Maintenance

    /// Keeps the questions of an earlier process; a full store keeps some of them for another start.
    public func recoverInterrupted(at now: Timestamp) throws(StoreError) -> Int {
        guard !isClosed.withLock({ $0 }) else { throw StoreError(.closed, "The store is closed.") }
        return try Recovery(environment: environment, applier: ChangeApplier(tables: tables)).run(at: now)
    }

    /// Runs a read off the event loops. Where too many wait, or the store is closed, it runs here.
    public func onReaderThread(_ body: @escaping @Sendable () -> Void) {
        reader.run(body)
    }

    /// Sizes and counts; looks at one entry for each transaction that freed pages.
    public func statistics() throws(StoreError) -> StoreStatistics {
        let used = try environment.usedBytes()
        let totals = counters.totals
        return try environment.read { (transaction) throws(StoreError) in
            let messages: Int
            do throws(LMDBError) {
                messages = try transaction.entries(of: tables.messages)
            } catch {
                throw error.storeError
            }
            return StoreStatistics(
                usedBytes: used, maximumBytes: maximumBytes,
                sessions: try Meta.sessions(in: transaction, tables.meta),
                jobs: try Meta.jobs(in: transaction, tables.meta), messages: messages,
                commits: totals.commits, changes: totals.changes)
        }
    }

    /// Commits what is queued, then closes. Never to be called by a listener or within a read: it waits for
    /// both.
    public func close() {
        let isFirst = isClosed.withLock { isClosed in
            defer { isClosed = true }
            return !isClosed
        }
        guard isFirst else { return }
        writer.close()
        reader.close()
        // Every commit was synced already; a failure here loses nothing.
        try? environment.sync()
        environment.close()
        OpenFolders.release(folder)
    }

    deinit {
        close()
    }
}
