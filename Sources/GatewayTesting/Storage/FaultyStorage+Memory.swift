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

    /// Everything there is to know of a session besides what was said.
    public func details(of key: SessionKey) throws(StoreError) -> SessionDetails? {
        try countRead()
        return try inner.details(of: key)
    }

    /// Sessions to be looked at.
    public func dueSessions(at now: Timestamp, count: Int) throws(StoreError) -> [SessionKey] {
        try countRead()
        return try inner.dueSessions(at: now, count: count)
    }

    /// The first moment at which a session is to be looked at.
    public func nextSessionDeadline() throws(StoreError) -> Timestamp? {
        try countRead()
        return try inner.nextSessionDeadline()
    }

    /// Jobs that are due.
    public func dueJobs(
        at now: Timestamp, besides excluded: Set<UInt64>, count: Int
    ) throws(StoreError) -> [Job] {
        try countRead()
        return try inner.dueJobs(at: now, besides: excluded, count: count)
    }

    /// A job by its number.
    public func job(_ id: UInt64) throws(StoreError) -> Job? {
        try countRead()
        return try inner.job(id)
    }

    /// Jobs, newest first.
    public func jobs(
        before earlier: UInt64?, count: Int, where isWanted: (Job) -> Bool
    ) throws(StoreError) -> [Job] {
        try countRead()
        return try inner.jobs(before: earlier, count: count, where: isWanted)
    }
}
