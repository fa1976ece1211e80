internal import CLMDB

/// How an environment's pages are used.
struct PageUse: Hashable {
    /// Bytes of a page.
    var pageBytes: Int
    /// Pages up to the last one ever used.
    var reached: Int

    /// The file's bytes up to the last page ever used: what the store needs at most.
    var reachedBytes: Int { reached * pageBytes }
}

extension Environment {
    /// The extent of the committed state. Cheap.
    func pageUse() throws(LMDBError) -> PageUse {
        var found = unsafe MDB_envinfo()
        try LMDBError.check(unsafe mdb_env_info(handle, &found), "asking for the store's extent")
        var pages = MDB_stat()
        try LMDBError.check(unsafe mdb_env_stat(handle, &pages), "asking for the page size")
        return PageUse(pageBytes: Int(pages.ms_psize), reached: unsafe found.me_last_pgno + 1)
    }
}

extension ReadTransaction {
    /// LMDB's own table of free pages: by transaction, a list that begins with its count. Only readers may
    /// open it.
    private static var freePages: Table { Table(index: 0, name: "free pages") }

    /// How many pages are free. Looks at one entry for each transaction that freed pages.
    func countFreePages() throws(LMDBError) -> Int {
        var total = 0
        var cursor = try Cursor(self, Self.freePages)
        while try cursor.next() { total += cursor.value.word(at: 0).map(Int.init(clamping:)) ?? 0 }
        return total
    }

    /// How many of the pages from `first` on are free.
    func countFreePages(from first: Int) throws(LMDBError) -> Int {
        var total = 0
        var cursor = try Cursor(self, Self.freePages)
        while try cursor.next() {
            let list = cursor.value
            let count = list.word(at: 0).map(Int.init(clamping:)) ?? 0
            for place in 0..<min(count, list.count / 8 - 1) {
                if let page = list.word(at: (place + 1) * 8), page >= UInt64(first) { total += 1 }
            }
        }
        return total
    }
}

extension Span<UInt8> {
    /// A number of eight bytes in the machine's own order, or nil where the bytes end before.
    func word(at offset: Int) -> UInt64? {
        guard offset >= 0, offset + 8 <= count else { return nil }
        return unsafe withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    }
}
