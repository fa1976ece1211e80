public import MemoryCore

/// Lists, for those who look after a store.
extension InMemoryStorage {
    /// The sessions of an id.
    public func sessions(withID id: String, tenant: String?) throws(StoreError) -> [SessionDetails] {
        try open { state in
            state.sessions.all.map { $1.details($0) }.filter {
                $0.id == id && (tenant == nil || $0.key.tenant == tenant)
            }
        }
    }

    /// A page of sessions.
    public func sessions(_ query: SessionQuery) throws(StoreError) -> SessionPage {
        try open { state in
            var page = SessionPage(query)
            for (key, session) in state.sessions.all {
                page.visit(session.details(key), number: session.number)
            }
            return page
        }
    }

    /// Records of exchanges.
    public func exchanges(
        of session: SessionKey?, before earlier: ExchangeID?, count: Int
    ) throws(StoreError) -> [ExchangeRecord] {
        try open { state in
            let wanted = state.exchanges.values.map(\.record).filter { record in
                (session == nil || record.session == session)
                    && earlier.map { (record.id.high, record.id.low) < ($0.high, $0.low) } ?? true
            }
            return Array(
                wanted.sorted { ($0.id.high, $0.id.low) > ($1.id.high, $1.id.low) }.prefix(count))
        }
    }
}
