public import MemoryCore
public import MemoryStore

/// Reads besides those of sessions and messages: contexts, summaries, known requests, plugins' values.
extension LMDBStorage {
    /// The session that an owner is in, as last committed.
    public func currentSession(of owner: SessionOwner) throws(StoreError) -> SessionSnapshot? {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.ownerID(of: owner, in: transaction) else { return nil }
            let key = KeyLayout.label(id)
            let found: UInt64?
            do throws(LMDBError) {
                found = try transaction.value(for: key.span, in: tables.current)?.bigEndian(at: 0)
            } catch {
                throw error.storeError
            }
            guard let found, let session = try tables.session(found, in: transaction),
                session.life.status == .open
            else { return nil }
            return session.details(try tables.sessionKey(of: found, in: transaction)).snapshot
        }
    }

    /// The background of a session, as last committed.
    public func background(of key: SessionKey) throws(StoreError) -> SessionBackground? {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction),
                let session = try tables.numbers(of: id, in: transaction)
            else { return nil }
            return SessionBackground(
                bringsHistory: session.bringsHistory, trimmedRound: session.trimmed.round,
                context: try tables.context(of: id, in: transaction))
        }
    }

    /// Everything there is to know of a session besides what was said, as last committed.
    public func details(of key: SessionKey) throws(StoreError) -> SessionDetails? {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction) else { return nil }
            return try tables.session(id, in: transaction)?.details(key)
        }
    }

    /// The request that a fingerprint stands for, as last committed.
    public func request(
        _ fingerprints: [RequestFingerprint], of owner: SessionOwner, at now: Timestamp
    ) throws(StoreError) -> KnownRequest? {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.ownerID(of: owner, in: transaction),
                let entry = try tables.request(fingerprints, owner: id, at: now, in: transaction),
                let session = try tables.keyIfThere(of: entry.session, in: transaction)
            else { return nil }
            return KnownRequest(
                session: session,
                round: try tables.exchange(entry.exchange, in: transaction)?.record.round)
        }
    }

    /// The newest end summaries of an owner, as last committed.
    public func endSummaries(
        of owner: SessionOwner, besides excluded: SessionKey, count: Int
    ) throws(StoreError) -> [SessionSummary] {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.ownerID(of: owner, in: transaction) else { return [] }
            let own = try tables.sessionID(of: excluded, in: transaction)
            var summaries: [SessionSummary] = []
            for (session, number) in try tables.endings(of: id, besides: own, count: count, in: transaction) {
                let key = try tables.sessionKey(of: session, in: transaction)
                if let summary = try tables.summary(number, of: key, session, in: transaction) {
                    summaries.append(summary)
                }
            }
            return summaries
        }
    }

    /// The chain of a session, as last committed.
    public func summaries(of key: SessionKey) throws(StoreError) -> [SessionSummary] {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction) else { return [] }
            return try tables.summaries(of: key, id, in: transaction)
        }
    }

    /// What a plugin keeps, as last committed.
    public func value(
        _ key: String, of plugin: String, owner: SessionOwner
    ) throws(StoreError) -> [UInt8]? {
        try environment.read { (transaction) throws(StoreError) -> [UInt8]? in
            guard let id = try tables.ownerID(of: owner, in: transaction) else { return nil }
            let place = KeyLayout.state(owner: id, plugin: plugin, key: key)
            do throws(LMDBError) {
                guard let value = try transaction.value(for: place.span, in: tables.states) else {
                    return nil
                }
                return [UInt8](copying: value)
            } catch {
                throw error.storeError
            }
        }
    }
}
