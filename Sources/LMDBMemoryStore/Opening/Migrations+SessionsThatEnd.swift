internal import MemoryCore
internal import MemoryStore

extension Migrations {
    /// From 1 to 2: sessions have a life and a deadline, summaries say who wrote them. What explains
    /// exchanges is forgotten, and what was frozen in front of sessions is made anew: no round depends on
    /// either.
    static let sessionsThatEnd = Migration(from: 1) { (transaction, tables) throws(StoreError) in
        let applier = ChangeApplier(tables: tables)
        for key in try keys(of: tables.sessions, transaction) {
            guard let id = key.span.bigEndian(at: 0) else { continue }
            let places = try tables.places(of: id, after: 0, count: Int.max, in: transaction)
            var row = try oldRow(key, tables, transaction)
            row.messages = places.count
            row.oldestAt = places.first?.createdAt
            row.alias = try applier.givePublicID(to: id, in: &transaction)
            let moment = row.life.expiry(after: row.lastActiveAt)
            row.life.deadline = moment
            try applier.setDeadline(.session, at: moment, subject: id, in: &transaction)
            try applier.write(row, of: id, in: &transaction)
        }
        for table in [tables.exchanges, tables.contexts] {
            for key in try keys(of: table, transaction) {
                _ = try applier.remove(key.span, from: table, &transaction)
            }
        }
        for key in try keys(of: tables.summaries, transaction) {
            let value = try newSummary(key, tables, transaction)
            try applier.put(value.span, for: key.span, in: tables.summaries, &transaction)
        }
    }

    private static func keys(
        of table: Table, _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, table)
            while try cursor.next() { keys.append([UInt8](copying: cursor.key)) }
        } catch {
            throw error.storeError
        }
        return keys
    }

    private static func oldRow(
        _ key: [UInt8], _ tables: Tables, _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> SessionRow {
        guard let value = try tables.found(key.span, in: tables.sessions, transaction) else {
            throw StoreError(.damaged, "A session in the store has no row.")
        }
        var reader = try RecordReader(value, version: 1, "session")
        var row = SessionRow(at: Timestamp(microseconds: try reader.signed()), SessionTerms())
        row.lastActiveAt = Timestamp(microseconds: try reader.signed())
        row.head = try reader.unsigned()
        row.lastNode = try reader.unsigned()
        row.lastRound = try reader.integer()
        row.bringsHistory = reader.remaining > 0
        return row
    }

    private static func newSummary(
        _ key: [UInt8], _ tables: Tables, _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> [UInt8] {
        guard let value = try tables.found(key.span, in: tables.summaries, transaction) else {
            throw StoreError(.damaged, "A summary in the store is missing.")
        }
        // The version, what there was, and two members more: written by a model, and standing.
        var bytes = [UInt8](copying: value)
        bytes[0] = 2
        return bytes + [SessionSummary.Source.model.rawValue, 1]
    }
}
