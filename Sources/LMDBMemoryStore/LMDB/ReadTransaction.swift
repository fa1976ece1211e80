internal import CLMDB

/// What both kinds of transaction can do: look up values. A span is lent for as long as the transaction is
/// not changed.
protocol TableReading: ~Copyable {
    /// The library's handle.
    var handle: OpaquePointer { get }
}

extension TableReading where Self: ~Copyable {
    /// The value of a key, lent in place; nil where there is none.
    @inline(__always)
    @_lifetime(borrow self)
    func value(for key: Span<UInt8>, in table: Table) throws(LMDBError) -> Span<UInt8>? {
        var found = unsafe MDB_val()
        let code = unsafe key.withUnsafeBytes { bytes in
            var wanted = unsafe MDB_val(
                mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return unsafe mdb_get(handle, table.index, &wanted, &found)
        }
        if code == MDB_NOTFOUND { return nil }
        try LMDBError.check(code, "reading the table \(table.name)")
        return unsafe _overrideLifetime(found.span, borrowing: self)
    }

    /// Whether a key is there.
    func contains(_ key: Span<UInt8>, in table: Table) throws(LMDBError) -> Bool {
        try value(for: key, in: table) != nil
    }

    /// How many entries a table has.
    func entries(of table: Table) throws(LMDBError) -> Int {
        var found = MDB_stat()
        try LMDBError.check(unsafe mdb_stat(handle, table.index, &found), "counting the table \(table.name)")
        return found.ms_entries
    }
}

/// A snapshot to read from; lent by `Environment.read`, which ends it.
@safe struct ReadTransaction: ~Copyable, TableReading {
    let reader: Reader

    var handle: OpaquePointer { unsafe reader.handle }

    init(_ reader: Reader) {
        self.reader = reader
    }
}

/// A named table of an environment. Valid as long as the environment is.
struct Table: Sendable {
    let index: MDB_dbi
    let name: StaticString
}

extension MDB_val {
    /// The bytes, for as long as LMDB keeps them: the caller bounds the lifetime.
    @inline(__always)
    var span: Span<UInt8> {
        @_lifetime(immortal)
        get {
            unsafe _overrideLifetime(
                Span(_unsafeStart: mv_data.assumingMemoryBound(to: UInt8.self), count: mv_size), copying: ())
        }
    }
}
