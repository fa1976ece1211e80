public import MemoryCore

/// Finds what has become too old. Each look costs by what it finds, not by what is kept.
public protocol RetentionStore: Sendable {
    /// Sessions that may have become too old, those first that did first, at most `count`. An engine may
    /// name some that were active since: whoever changes one files it anew.
    ///
    /// - Parameters:
    ///   - age: what is old about them.
    ///   - policy: only sessions of that policy.
    ///   - last: only those behind it; nil for all.
    ///   - moment: the age counts from before that.
    func agedSessions(
        by age: SessionAge, policy: String, after last: AgedSession?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedSession]

    /// Where a session's messages stand, in order of their numbers, at most `count`.
    ///
    /// - Parameter node: only those behind it.
    func places(of key: SessionKey, after node: UInt64, count: Int) throws(StoreError) -> [MessagePlace]

    /// Some messages of a session, those of them that are there.
    func messages(_ nodes: [UInt64], of key: SessionKey) throws(StoreError) -> [StoredMessage]

    /// Exchanges that began before a moment, oldest first, at most `count`.
    ///
    /// - Parameter last: only those behind it; nil for all.
    func agedExchanges(
        after last: ExchangeID?, before moment: Timestamp, count: Int
    ) throws(StoreError) -> [AgedExchange]

    /// Jobs that were finished before a moment, at most `count`.
    func finishedJobs(before moment: Timestamp, count: Int) throws(StoreError) -> [UInt64]
}

/// What is old about a session.
public enum SessionAge: UInt8, Sendable, CaseIterable {
    /// Its oldest message.
    case oldestMessage = 1
    /// What happened in it last.
    case lastActivity = 2
}

/// A session that may have become too old.
public struct AgedSession: Hashable, Sendable {
    /// The session.
    public let key: SessionKey
    /// The moment under which it was found.
    public let moment: Timestamp
    /// The engine's number of it, which tells apart those of one moment.
    public let number: UInt64

    /// A session by its members.
    public init(key: SessionKey, moment: Timestamp, number: UInt64) {
        self.key = key
        self.moment = moment
        self.number = number
    }
}

/// An exchange whose record may go.
public struct AgedExchange: Hashable, Sendable {
    /// The exchange.
    public let id: ExchangeID
    /// When it began.
    public let createdAt: Timestamp
    /// The policy it was under.
    public let policy: String
    /// Whether later records may refer to a text that only this one has.
    public let hasStandingText: Bool
    /// When something happened in its session last; nil where that is gone.
    public let sessionActiveAt: Timestamp?

    /// An exchange by its members.
    public init(_ record: ExchangeRecord, sessionActiveAt: Timestamp?) {
        id = record.id
        createdAt = record.createdAt
        policy = record.policy
        hasStandingText = record.injected.blocks.contains { $0.text != nil }
        self.sessionActiveAt = sessionActiveAt
    }
}
