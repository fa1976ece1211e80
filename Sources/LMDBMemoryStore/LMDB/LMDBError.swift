internal import CLMDB
internal import MemoryStore

/// What the LMDB library answered instead of doing it.
struct LMDBError: Error, Hashable {
    /// An `MDB_` code, or an `errno`.
    let code: Int32
    /// What was being done.
    let operation: String

    /// `ENOSPC`.
    static let noSpace: Int32 = 28
    /// `EIO`: also what LMDB makes of a write that was cut short.
    static let shortWrite: Int32 = 5

    init(_ code: Int32, _ operation: String) {
        self.code = code
        self.operation = operation
    }

    /// Throws unless the code means success.
    @inline(__always)
    static func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(LMDBError) {
        guard code != MDB_SUCCESS else { return }
        throw LMDBError(code, operation())
    }

    /// The kind that callers of the store tell apart.
    var storeCode: StoreError.Code {
        switch code {
        // No space on the disk, quota used up, file too large for the file system: all are a full store.
        case MDB_MAP_FULL, Self.noSpace, 122, 27: .full
        case MDB_TXN_FULL, MDB_BAD_VALSIZE: .tooLarge
        case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH: .damaged
        case MDB_READERS_FULL: .overloaded
        default: .system
        }
    }

    /// The same failure as callers of the store see it.
    var storeError: StoreError {
        StoreError(storeCode, "\(operation): \(words)")
    }

    private var words: String {
        guard let text = unsafe mdb_strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }
}

/// Runs work whose failures are LMDB's, and hands them on as the store's.
@inline(__always)
func asStoreError<Result: ~Copyable>(
    _ body: () throws(LMDBError) -> Result
) throws(StoreError) -> Result {
    do {
        return try body()
    } catch {
        throw error.storeError
    }
}
