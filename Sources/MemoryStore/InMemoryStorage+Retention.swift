public import MemoryCore

/// What has become too old: here, by looking at everything.
extension InMemoryStorage {
    /// Sessions that have become too old.
    public func agedSessions(
        by age: SessionAge, policy: String, after last: AgedSession?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedSession] {
        try open { state in
            let found = state.sessions.all.compactMap { key, session -> AgedSession? in
                guard session.life.terms.policy == policy, let old = session.moment(of: age) else {
                    return nil
                }
                return AgedSession(key: key, moment: old, number: session.number)
            }
            func place(_ session: AgedSession) -> (Timestamp, UInt64) { (session.moment, session.number) }
            let wanted = found.filter { session in
                session.moment < moment && last.map { place(session) > place($0) } ?? true
            }
            return Array(wanted.sorted { place($0) < place($1) }.prefix(count))
        }
    }

    /// Where a session's messages stand.
    public func places(
        of key: SessionKey, after node: UInt64, count: Int
    ) throws(StoreError) -> [MessagePlace] {
        try open { state in
            (state.sessions[key]?.messages ?? []).filter { $0.node > node }.prefix(count).map {
                MessagePlace($0)
            }
        }
    }

    /// Some messages of a session.
    public func messages(_ nodes: [UInt64], of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try open { state in nodes.compactMap { state.sessions[key]?.message($0) } }
    }

    /// Exchanges that began before a moment.
    public func agedExchanges(
        after last: ExchangeID?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedExchange] {
        try open { state in
            let wanted = state.exchanges.values.map(\.record).filter { record in
                record.createdAt < moment
                    && last.map { (record.id.high, record.id.low) > ($0.high, $0.low) } ?? true
            }
            return wanted.sorted { ($0.id.high, $0.id.low) < ($1.id.high, $1.id.low) }.prefix(count).map {
                AgedExchange($0, sessionActiveAt: state.sessions[$0.session]?.lastActiveAt)
            }
        }
    }

    /// Jobs that were finished before a moment.
    public func finishedJobs(before moment: Timestamp, count: Int) throws(StoreError) -> [UInt64] {
        try open { state in
            let finished = state.jobs.all.values.filter { !$0.status.isActive && $0.nextAt < moment }
            return finished.sorted { ($0.nextAt, $0.id) < ($1.nextAt, $1.id) }.prefix(count).map(\.id)
        }
    }
}

extension InMemorySession {
    fileprivate func moment(of age: SessionAge) -> Timestamp? {
        switch age {
        case .oldestMessage: messages.first?.createdAt
        case .lastActivity: lastActiveAt
        }
    }
}
