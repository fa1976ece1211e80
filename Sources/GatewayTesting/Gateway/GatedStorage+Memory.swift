package import MemoryCore
package import MemoryStore

/// Reads besides those of sessions and messages pass on.
extension GatedStorage {
    /// The session that an owner is in.
    package func currentSession(of owner: SessionOwner) throws(StoreError) -> SessionSnapshot? {
        try base.currentSession(of: owner)
    }

    /// The background of a session.
    package func background(of key: SessionKey) throws(StoreError) -> SessionBackground? {
        try base.background(of: key)
    }

    /// The request that a fingerprint stands for.
    package func request(
        _ fingerprints: [RequestFingerprint], of owner: SessionOwner, at now: Timestamp
    ) throws(StoreError) -> KnownRequest? {
        try base.request(fingerprints, of: owner, at: now)
    }

    /// The newest end summaries of an owner.
    package func endSummaries(
        of owner: SessionOwner, besides excluded: SessionKey, count: Int
    ) throws(StoreError) -> [SessionSummary] {
        try base.endSummaries(of: owner, besides: excluded, count: count)
    }

    /// The chain of a session.
    package func summaries(of key: SessionKey) throws(StoreError) -> [SessionSummary] {
        try base.summaries(of: key)
    }

    /// What a plugin keeps.
    package func value(
        _ key: String, of plugin: String, owner: SessionOwner
    ) throws(StoreError) -> [UInt8]? {
        try base.value(key, of: plugin, owner: owner)
    }

    /// Everything there is to know of a session besides what was said.
    package func details(of key: SessionKey) throws(StoreError) -> SessionDetails? {
        try base.details(of: key)
    }

    /// Sessions to be looked at.
    package func dueSessions(at now: Timestamp, count: Int) throws(StoreError) -> [SessionKey] {
        try base.dueSessions(at: now, count: count)
    }

    /// The first moment at which a session is to be looked at.
    package func nextSessionDeadline() throws(StoreError) -> Timestamp? {
        try base.nextSessionDeadline()
    }

    /// Jobs that are due.
    package func dueJobs(
        at now: Timestamp, besides excluded: Set<UInt64>, count: Int
    ) throws(StoreError) -> [Job] {
        try base.dueJobs(at: now, besides: excluded, count: count)
    }

    /// A job by its number.
    package func job(_ id: UInt64) throws(StoreError) -> Job? {
        try base.job(id)
    }

    /// Jobs, newest first.
    package func jobs(
        before earlier: UInt64?, count: Int, where isWanted: (Job) -> Bool
    ) throws(StoreError) -> [Job] {
        try base.jobs(before: earlier, count: count, where: isWanted)
    }
}
