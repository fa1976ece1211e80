internal import CLMDB

/// A place in a table that moves by keys. Its spans are lent until it moves.
@safe struct Cursor: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private let table: Table
    private var foundKey = unsafe MDB_val()
    private var foundValue = unsafe MDB_val()

    /// A cursor that stands nowhere yet.
    @_lifetime(borrow transaction)
    init(_ transaction: borrowing some TableReading & ~Copyable, _ table: Table) throws(LMDBError) {
        var made: OpaquePointer?
        let code = unsafe mdb_cursor_open(transaction.handle, table.index, &made)
        try LMDBError.check(code, "opening a cursor on \(table.name)")
        guard let made = unsafe made else { throw LMDBError(MDB_PANIC, "opening a cursor on \(table.name)") }
        unsafe handle = made
        self.table = table
    }

    /// The key of the entry it stands on.
    var key: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(foundKey.span, borrowing: self) }
    }

    /// The value of the entry it stands on.
    var value: Span<UInt8> {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(foundValue.span, borrowing: self) }
    }

    /// Moves to the first entry whose key is not before `key`.
    ///
    /// - Returns: whether there is one.
    @_lifetime(self: copy self)
    mutating func seek(_ key: Span<UInt8>) throws(LMDBError) -> Bool {
        try go(MDB_SET_RANGE, to: key)
    }

    /// Moves to the last entry whose key is before `key`.
    ///
    /// - Returns: whether there is one.
    @_lifetime(self: copy self)
    mutating func seekBefore(_ key: Span<UInt8>) throws(LMDBError) -> Bool {
        try seek(key) ? try previous() : try step(MDB_LAST)
    }

    /// Moves to the entry before.
    ///
    /// - Returns: whether there is one.
    @_lifetime(self: copy self)
    mutating func previous() throws(LMDBError) -> Bool {
        try step(MDB_PREV)
    }

    /// Moves to the entry of a key; without a descent through the tree where it stands on the page already.
    ///
    /// - Returns: whether there is one.
    @_lifetime(self: copy self)
    mutating func find(_ key: Span<UInt8>) throws(LMDBError) -> Bool {
        try go(MDB_SET_KEY, to: key)
    }

    @_lifetime(self: copy self)
    private mutating func go(_ how: MDB_cursor_op, to key: Span<UInt8>) throws(LMDBError) -> Bool {
        let landed = unsafe key.withUnsafeBytes { bytes in
            unsafe Self.move(
                handle, how,
                from: MDB_val(
                    mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)))
        }
        unsafe (foundKey, foundValue) = unsafe (landed.key, landed.value)
        return try unsafe Self.found(landed.code, table)
    }

    /// Moves to the next entry, or to the first where it stands nowhere.
    ///
    /// - Returns: whether there is one.
    @_lifetime(self: copy self)
    mutating func next() throws(LMDBError) -> Bool {
        try step(MDB_NEXT)
    }

    @_lifetime(self: copy self)
    private mutating func step(_ how: MDB_cursor_op) throws(LMDBError) -> Bool {
        let landed = unsafe Self.move(handle, how, from: MDB_val())
        unsafe (foundKey, foundValue) = unsafe (landed.key, landed.value)
        return try unsafe Self.found(landed.code, table)
    }

    /// The library's call, apart from `self`: a lifetime-bound value may not be captured by a closure.
    private static func move(
        _ handle: OpaquePointer, _ how: MDB_cursor_op, from key: MDB_val
    ) -> (code: Int32, key: MDB_val, value: MDB_val) {
        var key = unsafe key
        var value = unsafe MDB_val()
        let code = unsafe mdb_cursor_get(handle, &key, &value, how)
        return unsafe (code, key, value)
    }

    private static func found(_ code: Int32, _ table: Table) throws(LMDBError) -> Bool {
        if code == MDB_NOTFOUND { return false }
        try LMDBError.check(code, "walking the table \(table.name)")
        return true
    }

    deinit {
        unsafe mdb_cursor_close(handle)
    }
}
