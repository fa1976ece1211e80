public import MemoryCore
public import MemoryStore

/// What has become too old: walked along indexes, the oldest first.
extension LMDBStorage {
    /// Sessions that may have become too old, as last committed.
    public func agedSessions(
        by age: SessionAge, policy: String, after last: AgedSession?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedSession] {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.id(.policy, parent: 0, policy, in: transaction) else { return [] }
            let found = try tables.agedSessions(
                by: age, policy: id, after: last.map { ($0.moment, $0.number) }, before: moment,
                count: count, in: transaction)
            var sessions: [AgedSession] = []
            for (moment, session) in found {
                sessions.append(
                    AgedSession(
                        key: try tables.sessionKey(of: session, in: transaction), moment: moment,
                        number: session))
            }
            return sessions
        }
    }

    /// Where a session's messages stand, as last committed.
    public func places(
        of key: SessionKey, after node: UInt64, count: Int
    ) throws(StoreError) -> [MessagePlace] {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction) else { return [] }
            return try tables.places(of: id, after: node, count: count, in: transaction)
        }
    }

    /// Some messages of a session, as last committed.
    public func messages(_ nodes: [UInt64], of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try environment.read { (transaction) throws(StoreError) in
            guard let id = try tables.sessionID(of: key, in: transaction) else { return [] }
            var messages: [StoredMessage] = []
            for node in nodes {
                if let message = try tables.message(node, of: id, in: transaction) {
                    messages.append(message)
                }
            }
            return messages
        }
    }

    /// Exchanges that began before a moment, as last committed.
    public func agedExchanges(
        after last: ExchangeID?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedExchange] {
        try environment.read { (transaction) throws(StoreError) in
            var found: [AgedExchange] = []
            var last = last
            while found.count < count,
                let id = try tables.nextExchange(after: last, in: transaction)
            {
                last = id
                guard let row = try tables.anyExchange(id, in: transaction) else { continue }
                guard row.record.createdAt < moment else { break }
                let session = try tables.numbers(of: row.session, in: transaction)
                found.append(AgedExchange(row.record, sessionActiveAt: session?.lastActiveAt))
            }
            return found
        }
    }

    /// Jobs that were finished before a moment, as last committed.
    public func finishedJobs(before moment: Timestamp, count: Int) throws(StoreError) -> [UInt64] {
        try environment.read { (transaction) throws(StoreError) in
            let last = moment.advanced(byMicroseconds: -1)
            return try tables.subjects(of: .finishedJob, until: last, count: count, in: transaction) { _ in
                true
            }
        }
    }
}
