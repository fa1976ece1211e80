internal import CLMDB
internal import SystemCalls

/// The one write transaction of an environment: nothing of it is seen before `commit`, and all of it is
/// undone if it ends in any other way. It stays on the thread that began it.
@safe struct WriteTransaction: ~Copyable, TableReading {
    let handle: OpaquePointer
    // Unmanaged, because only what is trivially destroyed may be discarded; the environment keeps it alive.
    private let faultPlan: Unmanaged<StorageFaults>?

    private var faults: StorageFaults? { unsafe faultPlan?.takeUnretainedValue() }

    /// Waits for the write lock, then begins.
    init(_ environment: Environment) throws(LMDBError) {
        var made: OpaquePointer?
        try environment.faults?.check("beginning to write")
        try LMDBError.check(unsafe mdb_txn_begin(environment.handle, nil, 0, &made), "beginning to write")
        guard let made = unsafe made else { throw LMDBError(MDB_PANIC, "beginning to write") }
        unsafe handle = made
        unsafe faultPlan = environment.faults.map { unsafe Unmanaged.passUnretained($0) }
    }

    /// Opens a table, making it if it is missing.
    func openTable(_ name: StaticString) throws(LMDBError) -> Table {
        var index: MDB_dbi = 0
        let code = unsafe mdb_dbi_open(handle, "\(name)", UInt32(MDB_CREATE), &index)
        try LMDBError.check(code, "opening the table \(name)")
        return Table(index: index, name: name)
    }

    /// Writes a value, in the place of one that is there.
    mutating func put(_ value: Span<UInt8>, for key: Span<UInt8>, in table: Table) throws(LMDBError) {
        try faults?.check("writing to the table \(table.name)")
        let code = unsafe key.withUnsafeBytes { keyBytes in
            unsafe value.withUnsafeBytes { valueBytes in
                var wanted = unsafe MDB_val(
                    mv_size: keyBytes.count, mv_data: UnsafeMutableRawPointer(mutating: keyBytes.baseAddress))
                var written = unsafe MDB_val(
                    mv_size: valueBytes.count,
                    mv_data: UnsafeMutableRawPointer(mutating: valueBytes.baseAddress))
                return unsafe mdb_put(handle, table.index, &wanted, &written, 0)
            }
        }
        try LMDBError.check(code, "writing to the table \(table.name)")
    }

    /// Removes a key.
    ///
    /// - Returns: whether it was there.
    mutating func remove(_ key: Span<UInt8>, in table: Table) throws(LMDBError) -> Bool {
        try faults?.check("deleting from the table \(table.name)")
        let code = unsafe key.withUnsafeBytes { bytes in
            var wanted = unsafe MDB_val(
                mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return unsafe mdb_del(handle, table.index, &wanted, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try LMDBError.check(code, "deleting from the table \(table.name)")
        return true
    }

    /// Writes everything to the disk and waits for it.
    consuming func commit() throws(LMDBError) {
        let handle = unsafe handle
        let faults = faults
        // LMDB frees the handle even when the commit fails: no abort may follow.
        discard self
        do throws(LMDBError) {
            try faults?.check("committing")
        } catch {
            unsafe mdb_txn_abort(handle)
            throw error
        }
        let environment = unsafe mdb_txn_env(handle)
        let code = unsafe mdb_txn_commit(handle)
        if code == LMDBError.shortWrite, unsafe Self.isDiskFull(environment) {
            throw LMDBError(LMDBError.noSpace, "committing")
        }
        try LMDBError.check(code, "committing")
    }

    /// A write that a full disk took a part of is an input/output error for LMDB: what is left on the disk
    /// tells the two apart. File systems refuse some writes a little before nothing is left.
    @unsafe private static func isDiskFull(_ environment: OpaquePointer?) -> Bool {
        var path: UnsafePointer<CChar>?
        guard unsafe mdb_env_get_path(environment, &path) == MDB_SUCCESS, let path = unsafe path,
            let free = try? Files.freeBytes(at: unsafe String(cString: path))
        else { return false }
        return free < 16 << 20
    }

    deinit {
        unsafe mdb_txn_abort(handle)
    }
}
