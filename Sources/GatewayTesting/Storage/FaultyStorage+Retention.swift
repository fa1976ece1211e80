public import MemoryCore
public import MemoryStore

/// Looking for what is too old fails as planned.
extension FaultyStorage {
    /// Sessions that may have become too old.
    public func agedSessions(
        by age: SessionAge, policy: String, after last: AgedSession?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedSession] {
        try countRead()
        return try inner.agedSessions(by: age, policy: policy, after: last, before: moment, count: count)
    }

    /// Where a session's messages stand.
    public func places(
        of key: SessionKey, after node: UInt64, count: Int
    ) throws(StoreError) -> [MessagePlace] {
        try countRead()
        return try inner.places(of: key, after: node, count: count)
    }

    /// Some messages of a session.
    public func messages(_ nodes: [UInt64], of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try countRead()
        return try inner.messages(nodes, of: key)
    }

    /// Exchanges that began before a moment.
    public func agedExchanges(
        after last: ExchangeID?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedExchange] {
        try countRead()
        return try inner.agedExchanges(after: last, before: moment, count: count)
    }

    /// Jobs that were finished before a moment.
    public func finishedJobs(before moment: Timestamp, count: Int) throws(StoreError) -> [UInt64] {
        try countRead()
        return try inner.finishedJobs(before: moment, count: count)
    }
}
