public import MemoryCore
public import MemoryStore

/// Lists fail as planned.
extension FaultyStorage {
    /// The sessions of an id.
    public func sessions(withID id: String, tenant: String?) throws(StoreError) -> [SessionDetails] {
        try countRead()
        return try inner.sessions(withID: id, tenant: tenant)
    }

    /// A page of sessions.
    public func sessions(_ query: SessionQuery) throws(StoreError) -> SessionPage {
        try countRead()
        return try inner.sessions(query)
    }

    /// Records of exchanges.
    public func exchanges(
        of session: SessionKey?, before earlier: ExchangeID?, count: Int
    ) throws(StoreError) -> [ExchangeRecord] {
        try countRead()
        return try inner.exchanges(of: session, before: earlier, count: count)
    }
}
