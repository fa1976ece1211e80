package import MemoryCore
package import MemoryStore

/// Lists pass on.
extension GatedStorage {
    /// The sessions of an id.
    package func sessions(withID id: String, tenant: String?) throws(StoreError) -> [SessionDetails] {
        try base.sessions(withID: id, tenant: tenant)
    }

    /// A page of sessions.
    package func sessions(_ query: SessionQuery) throws(StoreError) -> SessionPage {
        try base.sessions(query)
    }

    /// Records of exchanges.
    package func exchanges(
        of session: SessionKey?, before earlier: ExchangeID?, count: Int
    ) throws(StoreError) -> [ExchangeRecord] {
        try base.exchanges(of: session, before: earlier, count: count)
    }
}
