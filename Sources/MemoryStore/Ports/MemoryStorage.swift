public import MemoryCore

/// Everything a gateway needs of a store: the roles below, bundled. Ids and times are made outside.
public protocol MemoryStorage: ChangeWriter, SessionStore, TranscriptStore, SummaryStore, ExchangeStore,
    JobStore, RetentionStore, PluginStateStore, StoreMaintenance
{}

/// Takes changes. Callable from any thread, returns at once.
public protocol ChangeWriter: Sendable {
    /// Queues changes to be applied together.
    ///
    /// - Parameters:
    ///   - changes: applied in order, whole or not at all. An empty list is settled when all before it are.
    ///   - urgency: whether somebody waits for them.
    /// - Throws: `overloaded`, `tooLarge` or `closed`, at once; what happens later reaches the listener.
    func apply(_ changes: [MemoryChange], _ urgency: Urgency) throws(StoreError)
}

/// Who waits for a commit.
public enum Urgency: Sendable {
    /// Nobody: the changes may wait a few milliseconds so as to share a commit with ones that somebody waits
    /// for.
    case withNextBatch
    /// Nobody waits either, but the listener is told.
    case lingering(ticket: UInt64, any CommitListener)
    /// The listener is told, with this ticket, when the commit is durable or has failed.
    case waiting(ticket: UInt64, any CommitListener)

    /// Who is told, and of which ticket.
    public var told: (ticket: UInt64, listener: any CommitListener)? {
        switch self {
        case .withNextBatch: nil
        case .lingering(let ticket, let listener), .waiting(let ticket, let listener): (ticket, listener)
        }
    }

    /// The same urgency with another listener, where one is told.
    public func telling(_ replace: (any CommitListener) -> any CommitListener) -> Urgency {
        switch self {
        case .withNextBatch: .withNextBatch
        case .lingering(let ticket, let listener): .lingering(ticket: ticket, replace(listener))
        case .waiting(let ticket, let listener): .waiting(ticket: ticket, replace(listener))
        }
    }
}

/// Is told of commits, on the engine's own thread, once per batch: hop to where you belong and return.
public protocol CommitListener: AnyObject, Sendable {
    /// These commits are durable or failed; each ticket is named exactly once.
    func settled(_ commits: [SettledCommit])
}

/// One waiting list of changes, done.
public struct SettledCommit: Sendable {
    /// The ticket given with the changes.
    public let ticket: UInt64
    /// A receipt per change, once they are on disk; or why they are not.
    public let result: Result<[ChangeReceipt], StoreError>

    /// A settled commit by its members.
    public init(ticket: UInt64, result: Result<[ChangeReceipt], StoreError>) {
        self.ticket = ticket
        self.result = result
    }
}

/// Finds sessions.
public protocol SessionStore: Sendable {
    /// The session of that key, or nil. A short read on the calling thread.
    func session(_ key: SessionKey) throws(StoreError) -> SessionSnapshot?

    /// The session that became an owner's current one last, while it is open, or nil. A short read on the
    /// calling thread.
    func currentSession(of owner: SessionOwner) throws(StoreError) -> SessionSnapshot?

    /// What is known of a session besides what was said in it, or nil. A short read on the calling thread.
    func background(of key: SessionKey) throws(StoreError) -> SessionBackground?

    /// The sessions of an id: one in each tenant that has one.
    ///
    /// - Parameter tenant: looks in that one only.
    func sessions(withID id: String, tenant: String?) throws(StoreError) -> [SessionDetails]

    /// A page of sessions. Looks at all of them.
    func sessions(_ query: SessionQuery) throws(StoreError) -> SessionPage

    /// Everything there is to know of a session besides what was said, or nil.
    func details(of key: SessionKey) throws(StoreError) -> SessionDetails?

    /// The request on record, or in the journal of an earlier process, that one of these fingerprints stands
    /// for. A short read on the calling thread.
    func request(
        _ fingerprints: [RequestFingerprint], of owner: SessionOwner, at now: Timestamp
    ) throws(StoreError) -> KnownRequest?
}

/// A request that was sent before.
public struct KnownRequest: Hashable, Sendable {
    /// Its session.
    public var session: SessionKey
    /// The round it is recorded in, nil where it has none.
    public var round: Int?

    /// A request by its members.
    public init(session: SessionKey, round: Int?) {
        self.session = session
        self.round = round
    }
}

/// Reads what was summarised.
public protocol SummaryStore: Sendable {
    /// The newest end summaries of an owner's sessions, newest first, at most `count`.
    ///
    /// - Parameter excluded: the session that asks.
    func endSummaries(
        of owner: SessionOwner, besides excluded: SessionKey, count: Int
    ) throws(StoreError) -> [SessionSummary]

    /// A session's chain, oldest first.
    func summaries(of key: SessionKey) throws(StoreError) -> [SessionSummary]
}

/// Finds what is due.
public protocol JobStore: Sendable {
    /// Sessions to be looked at, those first whose deadline came first, at most `count`.
    func dueSessions(at now: Timestamp, count: Int) throws(StoreError) -> [SessionKey]

    /// The first moment at which a session is to be looked at, or nil.
    func nextSessionDeadline() throws(StoreError) -> Timestamp?

    /// Jobs to be done that are due, those first that were due first, at most `count`.
    ///
    /// - Parameter excluded: what runs already.
    func dueJobs(
        at now: Timestamp, besides excluded: Set<UInt64>, count: Int
    ) throws(StoreError) -> [Job]

    /// A job by its number, or nil.
    func job(_ id: UInt64) throws(StoreError) -> Job?

    /// Jobs, newest first, at most `count`.
    ///
    /// - Parameters:
    ///   - earlier: only those with lower numbers; nil for all.
    ///   - isWanted: which ones.
    func jobs(
        before earlier: UInt64?, count: Int, where isWanted: (Job) -> Bool
    ) throws(StoreError) -> [Job]
}

/// Reads what plugins keep.
public protocol PluginStateStore: Sendable {
    /// What a plugin keeps of an owner under a key, or nil. A short read on the calling thread.
    func value(_ key: String, of plugin: String, owner: SessionOwner) throws(StoreError) -> [UInt8]?
}

/// Reads what was said.
public protocol TranscriptStore: Sendable {
    /// Walks the rounds of the session's active branch, newest first, on the calling thread, until `visit` is
    /// false. Rounds hold only the active branch's messages; questions without a round are not visited.
    ///
    /// - Returns: the session, or nil where there is none.
    func walkTurns(of key: SessionKey, _ visit: (StoredTurn) -> Bool) throws(StoreError) -> SessionSnapshot?

    /// Every message of a session in order of node number, all branches, questions without a round too.
    func messages(of key: SessionKey) throws(StoreError) -> [StoredMessage]
}

/// Explains exchanges.
public protocol ExchangeStore: Sendable {
    /// The record of an exchange, or nil.
    func exchange(_ id: ExchangeID) throws(StoreError) -> ExchangeRecord?

    /// Records of exchanges, newest first, at most `count`.
    ///
    /// - Parameters:
    ///   - session: of that one only; nil for all.
    ///   - earlier: only those before it; nil for all.
    func exchanges(
        of session: SessionKey?, before earlier: ExchangeID?, count: Int
    ) throws(StoreError) -> [ExchangeRecord]
}

/// Opening, closing and looking after a store.
public protocol StoreMaintenance: Sendable {
    /// Turns what the journal holds of exchanges that ended with an earlier process into questions marked
    /// `interrupted`. Called once, before the first change.
    ///
    /// - Returns: how many questions were kept that way.
    func recoverInterrupted(at now: Timestamp) throws(StoreError) -> Int

    /// Runs a read that may touch cold pages on the engine's reader thread.
    func onReaderThread(_ body: @escaping @Sendable () -> Void)

    /// Sizes and counts since the start.
    func statistics() throws(StoreError) -> StoreStatistics

    /// Commits what is queued, then closes. Later calls throw `closed`. Blocks; never call it on an event
    /// loop.
    func close()
}

/// Sizes and counts of a store.
public struct StoreStatistics: Hashable, Sendable {
    /// Bytes in use, free pages not counted.
    public var usedBytes: Int
    /// The bound on them.
    public var maximumBytes: Int
    /// Sessions on record, by how far they are.
    public var sessionsByStatus: [SessionStatus: Int]
    /// Jobs on record, by their kind and how far they are.
    public var jobs: [JobTally: Int]
    /// Sessions on record.
    public var sessions: Int { sessionsByStatus.values.reduce(0, +) }
    /// Messages on record.
    public var messages: Int
    /// Commits since the start.
    public var commits: Int
    /// Changes since the start.
    public var changes: Int

    /// Statistics by their members.
    public init(
        usedBytes: Int, maximumBytes: Int, sessions: [SessionStatus: Int], jobs: [JobTally: Int],
        messages: Int, commits: Int, changes: Int
    ) {
        self.usedBytes = usedBytes
        self.maximumBytes = maximumBytes
        sessionsByStatus = sessions
        self.jobs = jobs
        self.messages = messages
        self.commits = commits
        self.changes = changes
    }
}
