internal import MemoryCore
internal import MemoryStore

extension Tables {
    /// The ids of tenants: of the one of that name, or of all.
    func tenants(
        named name: String?, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [UInt64] {
        if let name { return try id(.tenant, parent: 0, name, in: transaction).map { [$0] } ?? [] }
        var found: [UInt64] = []
        let start = KeyLayout.name(.tenant, parent: 0, "")
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, names)
            var isThere = try cursor.seek(start.span)
            while isThere, cursor.key[0] == KeyLayout.NameKind.tenant.rawValue {
                if let id = cursor.value.bigEndian(at: 0) { found.append(id) }
                isThere = try cursor.next()
            }
        } catch {
            throw error.storeError
        }
        return found
    }

    /// The session behind one, in the order in which they were made; nil behind the last.
    func nextSession(
        after last: UInt64?, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> UInt64? {
        let start = KeyLayout.session(last.map { $0 + 1 } ?? 0)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, sessions)
            return try cursor.seek(start.span) ? cursor.key.bigEndian(at: 0) : nil
        } catch {
            throw error.storeError
        }
    }

    /// The newest exchange before one, or nil.
    func lastExchange(
        before id: ExchangeID, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> ExchangeID? {
        let end = KeyLayout.exchange(high: id.high, low: id.low)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, exchanges)
            guard try cursor.seekBefore(end.span), let high = cursor.key.bigEndian(at: 0),
                let low = cursor.key.bigEndian(at: 8)
            else { return nil }
            return ExchangeID(high: high, low: low)
        } catch {
            throw error.storeError
        }
    }

    /// The exchanges that a session's messages came with, newest first.
    func exchanges(
        of key: SessionKey, before earlier: ExchangeID?,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [ExchangeID] {
        guard let session = try sessionID(of: key, in: transaction) else { return [] }
        var found: Set<ExchangeID> = []
        for place in try places(of: session, after: 0, count: Int.max, in: transaction) {
            guard let message = try message(place.node, of: session, in: transaction) else { continue }
            let id = message.exchange
            if earlier.map({ (id.high, id.low) < ($0.high, $0.low) }) ?? true { found.insert(id) }
        }
        return found.sorted { ($0.high, $0.low) > ($1.high, $1.low) }
    }
}
