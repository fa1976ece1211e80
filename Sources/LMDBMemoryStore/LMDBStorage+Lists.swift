public import MemoryCore
public import MemoryStore

/// Lists, for those who look after a store: they look at much, so they belong on the reader thread.
extension LMDBStorage {
    /// The sessions of an id, as last committed.
    public func sessions(withID id: String, tenant: String?) throws(StoreError) -> [SessionDetails] {
        try environment.read { (transaction) throws(StoreError) in
            var found: [SessionDetails] = []
            for owner in try tables.tenants(named: tenant, in: transaction) {
                guard let session = try tables.id(.publicID, parent: owner, id, in: transaction),
                    let row = try tables.session(session, in: transaction)
                else { continue }
                found.append(row.details(try tables.sessionKey(of: session, in: transaction)))
            }
            return found
        }
    }

    /// A page of sessions, as last committed.
    public func sessions(_ query: SessionQuery) throws(StoreError) -> SessionPage {
        try environment.read { (transaction) throws(StoreError) in
            var page = SessionPage(query)
            var last: UInt64?
            while let id = try tables.nextSession(after: last, in: transaction) {
                last = id
                guard let row = try tables.session(id, in: transaction) else { continue }
                page.visit(row.details(try tables.sessionKey(of: id, in: transaction)), number: id)
            }
            return page
        }
    }

    /// Records of exchanges, as last committed.
    public func exchanges(
        of session: SessionKey?, before earlier: ExchangeID?, count: Int
    ) throws(StoreError) -> [ExchangeRecord] {
        try environment.read { (transaction) throws(StoreError) in
            var records: [ExchangeRecord] = []
            guard let session else {
                var below = earlier ?? ExchangeID(high: UInt64.max, low: UInt64.max)
                while records.count < count,
                    let id = try tables.lastExchange(before: below, in: transaction)
                {
                    below = id
                    if let row = try tables.exchange(id, in: transaction) { records.append(row.record) }
                }
                return records
            }
            for id in try tables.exchanges(of: session, before: earlier, in: transaction) {
                guard records.count < count else { break }
                if let row = try tables.exchange(id, in: transaction) { records.append(row.record) }
            }
            return records
        }
    }
}
