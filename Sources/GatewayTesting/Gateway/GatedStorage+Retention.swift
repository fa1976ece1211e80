package import MemoryCore
package import MemoryStore

/// Looking for what is too old goes straight on.
extension GatedStorage {
    /// Sessions that may have become too old.
    package func agedSessions(
        by age: SessionAge, policy: String, after last: AgedSession?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedSession] {
        try base.agedSessions(by: age, policy: policy, after: last, before: moment, count: count)
    }

    /// Where a session's messages stand.
    package func places(
        of key: SessionKey, after node: UInt64, count: Int
    ) throws(StoreError) -> [MessagePlace] {
        try base.places(of: key, after: node, count: count)
    }

    /// Some messages of a session.
    package func messages(_ nodes: [UInt64], of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try base.messages(nodes, of: key)
    }

    /// Exchanges that began before a moment.
    package func agedExchanges(
        after last: ExchangeID?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedExchange] {
        try base.agedExchanges(after: last, before: moment, count: count)
    }

    /// Jobs that were finished before a moment.
    package func finishedJobs(before moment: Timestamp, count: Int) throws(StoreError) -> [UInt64] {
        try base.finishedJobs(before: moment, count: count)
    }
}
