public import MemoryCore
public import MemoryStore

/// Reads besides those of sessions and messages, which fail as planned.
extension FaultyStorage {
    /// The session that an owner is in.
    public func currentSession(of owner: SessionOwner) throws(StoreError) -> SessionSnapshot? {
        try countRead()
        return try inner.currentSession(of: owner)
    }

    /// The background of a session.
    public func background(of key: SessionKey) throws(StoreError) -> SessionBackground? {
        try countRead()
        return try inner.background(of: key)
    }

    /// The request that a fingerprint stands for.
    public func request(
        _ fingerprints: [RequestFingerprint], of owner: SessionOwner, at now: Timestamp
    ) throws(StoreError) -> KnownRequest? {
        try countRead()
        return try inner.request(fingerprints, of: owner, at: now)
    }

    /// The newest end summaries of an owner.
    public func endSummaries(
        of owner: SessionOwner, besides excluded: SessionKey, count: Int
    ) throws(StoreError) -> [SessionSummary] {
        try countRead()
        return try inner.endSummaries(of: owner, besides: excluded, count: count)
    }

    /// The chain of a session.
    public func summaries(of key: SessionKey) throws(StoreError) -> [SessionSummary] {
        try countRead()
        return try inner.summaries(of: key)
    }

    /// What a plugin keeps.
    public func value(
        _ key: String, of plugin: String, owner: SessionOwner
    ) throws(StoreError) -> [UInt8]? {
        try countRead()
        return try inner.value(key, of: plugin, owner: owner)
    }
}
