public import MemoryCore

/// Reads besides those of sessions and messages.
extension InMemoryStorage {
    /// The session that an owner is in.
    public func currentSession(of owner: SessionOwner) throws(StoreError) -> SessionSnapshot? {
        try open { state in
            guard let key = state.current[owner], let session = state.sessions[key],
                session.life.status == .open
            else { return nil }
            return session.snapshot(key)
        }
    }

    /// The background of a session.
    public func background(of key: SessionKey) throws(StoreError) -> SessionBackground? {
        try open { state in
            state.sessions[key].map {
                SessionBackground(
                    bringsHistory: $0.bringsHistory, trimmedRound: $0.trimmedRound,
                    context: state.contexts[key])
            }
        }
    }

    /// Everything there is to know of a session besides what was said.
    public func details(of key: SessionKey) throws(StoreError) -> SessionDetails? {
        try open { $0.sessions[key]?.details(key) }
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
                .compactMap { chain in chain.last { $0.purpose == .end && $0.isStanding } }
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

    /// Sessions to be looked at.
    public func dueSessions(at now: Timestamp, count: Int) throws(StoreError) -> [SessionKey] {
        try open { $0.sessions.deadlines.due(at: now, count: count) }
    }

    /// The first moment at which a session is to be looked at.
    public func nextSessionDeadline() throws(StoreError) -> Timestamp? {
        try open { $0.sessions.deadlines.first }
    }

    /// Jobs that are due.
    public func dueJobs(
        at now: Timestamp, besides excluded: Set<UInt64>, count: Int
    ) throws(StoreError) -> [Job] {
        try open { $0.jobs.due(at: now, besides: excluded, count: count) }
    }

    /// A job by its number.
    public func job(_ id: UInt64) throws(StoreError) -> Job? {
        try open { $0.jobs.all[id] }
    }

    /// Jobs, newest first.
    public func jobs(
        before earlier: UInt64?, count: Int, where isWanted: (Job) -> Bool
    ) throws(StoreError) -> [Job] {
        let all = try open { $0.jobs.all }
        let newestFirst = all.values.filter { $0.id < earlier ?? UInt64.max }.sorted { $0.id > $1.id }
        return Array(newestFirst.lazy.filter(isWanted).prefix(count))
    }
}
