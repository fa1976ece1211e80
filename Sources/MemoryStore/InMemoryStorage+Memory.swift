public import MemoryCore

/// Reads besides those of sessions and messages.
extension InMemoryStorage {
    /// The session that an owner is in.
    public func currentSession(of owner: SessionOwner) throws(StoreError) -> SessionSnapshot? {
        try open { state in
            guard let key = state.current[owner] else { return nil }
            return state.sessions[key]?.snapshot(key)
        }
    }

    /// The background of a session.
    public func background(of key: SessionKey) throws(StoreError) -> SessionBackground? {
        try open { state in
            state.sessions[key].map {
                SessionBackground(bringsHistory: $0.bringsHistory, context: state.contexts[key])
            }
        }
    }

    /// The request that a fingerprint stands for.
    public func request(
        _ fingerprints: [RequestFingerprint], of owner: SessionOwner, at now: Timestamp
    ) throws(StoreError) -> KnownRequest? {
        try open { state in
            guard let entry = state.requests.request(fingerprints, of: owner, at: now) else { return nil }
            return KnownRequest(
                session: entry.session, round: state.exchanges[entry.exchange]?.record.round)
        }
    }

    /// The newest end summaries of an owner.
    public func endSummaries(
        of owner: SessionOwner, besides excluded: SessionKey, count: Int
    ) throws(StoreError) -> [SessionSummary] {
        try open { state in
            let newest = state.chains.filter { $0.key.owner == owner && $0.key != excluded }.values
                .compactMap { chain in chain.last { $0.purpose == .end } }
            return Array(newest.sorted { $0.createdAt > $1.createdAt }.prefix(count))
        }
    }

    /// The chain of a session.
    public func summaries(of key: SessionKey) throws(StoreError) -> [SessionSummary] {
        try open { $0.chains[key] ?? [] }
    }

    /// What a plugin keeps.
    public func value(
        _ key: String, of plugin: String, owner: SessionOwner
    ) throws(StoreError) -> [UInt8]? {
        try open { $0.values[InMemoryState.ValueKey(owner: owner, plugin: plugin, key: key)] }
    }
}
