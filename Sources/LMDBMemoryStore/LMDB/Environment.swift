internal import CLMDB
internal import MemoryStore
internal import SystemCalls

/// An open LMDB environment: the map, its tables, a pool of readers.
///
/// Reads may come from any thread; one write transaction is open at a time, on the thread that began it. The
/// map has its final size from the start: resizing it under an open reader ends in SIGBUS.
@safe final class Environment: @unchecked Sendable {
    // Sendable because LMDB's environment handle is free-threaded, and the pool is behind its monitor.
    let handle: OpaquePointer
    /// Makes calls fail in tests; nil in a gateway.
    let faults: StorageFaults?
    private let readers = Monitor(ReaderPool())

    /// Opens a folder's files, making them if they are missing.
    ///
    /// - Parameters:
    ///   - mapBytes: the size of the map, never changed afterwards.
    ///   - readOnly: opens without locks and without writing, to look at files that nobody else has open.
    ///   - isSynced: false only in a test that must notice it.
    init(
        folder: String, mapBytes: Int, maximumReaders: UInt32, tables: UInt32, readOnly: Bool = false,
        isSynced: Bool = true, faults: StorageFaults? = nil
    ) throws(LMDBError) {
        var made: OpaquePointer?
        try LMDBError.check(unsafe mdb_env_create(&made), "making an environment")
        guard let made = unsafe made else { throw LMDBError(MDB_PANIC, "making an environment") }
        do throws(LMDBError) {
            try LMDBError.check(unsafe mdb_env_set_mapsize(made, mapBytes), "setting the map's size")
            try LMDBError.check(unsafe mdb_env_set_maxreaders(made, maximumReaders), "setting the readers")
            try LMDBError.check(unsafe mdb_env_set_maxdbs(made, tables), "setting the tables")
            // Cold reads are 15 times faster without read-ahead. Every commit of a gateway is synced.
            var flags = UInt32(MDB_NOTLS | MDB_NORDAHEAD)
            if !isSynced { flags |= UInt32(MDB_NOSYNC) }
            if readOnly { flags |= UInt32(MDB_RDONLY | MDB_NOLOCK) }
            try LMDBError.check(unsafe mdb_env_open(made, folder, flags, 0o600), "opening \(folder)")
        } catch {
            unsafe mdb_env_close(made)
            throw error
        }
        unsafe handle = made
        self.faults = faults
    }

    /// Lends a read transaction: a snapshot that stays as it is until the closure returns. Keep it short,
    /// since pages freed meanwhile cannot be used again.
    @inline(__always)
    func read<Result>(
        _ body: (borrowing ReadTransaction) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        let transaction = ReadTransaction(try borrowReader())
        defer { giveBack(transaction.reader) }
        return try body(transaction)
    }

    /// Frees the slots of readers whose process is gone.
    func checkReaders() -> Int {
        var dead: Int32 = 0
        _ = unsafe mdb_reader_check(handle, &dead)
        return Int(dead)
    }

    /// Writes everything to the disk. Commits do so on their own; this is for the end.
    func sync() throws(LMDBError) {
        try LMDBError.check(unsafe mdb_env_sync(handle, 1), "syncing")
    }

    /// Refuses new readers, waits for the running ones, then closes. Called once, with no write transaction
    /// open.
    func close() {
        readers.update { $0.isClosed = true }
        let idle = readers.wait { pool in pool.lent == 0 ? .now(pool.takeIdle()) : .sleep(until: nil) }
        for reader in idle { unsafe mdb_txn_abort(reader.handle) }
        unsafe mdb_env_close(handle)
    }

    // MARK: - The pool

    private func borrowReader() throws(StoreError) -> Reader {
        let pooled = try readers.look { (pool) throws(StoreError) -> Reader? in
            guard !pool.isClosed else { throw StoreError(.closed, "The store is closed.") }
            pool.lent += 1
            return pool.idle.popLast()
        }
        do throws(LMDBError) {
            guard let pooled else { return try makeReader() }
            let code = unsafe mdb_txn_renew(pooled.handle)
            if code != MDB_SUCCESS { unsafe mdb_txn_abort(pooled.handle) }
            try LMDBError.check(code, "renewing a reader")
            return pooled
        } catch {
            readers.update { $0.lent -= 1 }
            throw error.storeError
        }
    }

    private func makeReader() throws(LMDBError) -> Reader {
        var made: OpaquePointer?
        try LMDBError.check(unsafe mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &made), "beginning to read")
        guard let made = unsafe made else { throw LMDBError(MDB_PANIC, "beginning to read") }
        return unsafe Reader(handle: made)
    }

    private func giveBack(_ reader: Reader) {
        unsafe mdb_txn_reset(reader.handle)
        let isClosing = readers.look { pool in
            pool.idle.append(reader)
            pool.lent -= 1
            return pool.isClosed
        }
        if isClosing { readers.update { _ in } }
    }
}

/// A reader's handle; it belongs to whoever borrowed it, or to the pool.
@safe struct Reader: @unchecked Sendable {
    // Sendable because with MDB_NOTLS a read transaction is not bound to a thread, and one owner has it at a
    // time.
    let handle: OpaquePointer
}

/// The readers that nobody uses at the moment, and how many are lent.
private struct ReaderPool {
    var idle: [Reader] = []
    var lent = 0
    var isClosed = false

    mutating func takeIdle() -> [Reader] {
        defer { idle = [] }
        return idle
    }
}
