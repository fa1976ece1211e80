public import MemoryCore
internal import NIOCore
internal import Synchronization

/// The memory in the process's own memory: for tests, and the model that other engines are compared with.
///
/// A change is settled before `apply` returns: the listener is told on the calling thread, after the lock was
/// let go. `onReaderThread` runs its body on the calling thread too.
public final class InMemoryStorage: MemoryStorage {
    private let state: Mutex<InMemoryState>

    /// An empty store.
    public convenience init() {
        self.init(InMemoryState())
    }

    private init(_ state: InMemoryState) {
        self.state = Mutex(state)
    }

    /// Another store that holds what this one holds, as if it had been closed and opened again.
    public func reopened() -> InMemoryStorage {
        var copy = state.withLock { $0 }
        copy.isClosed = false
        copy.commits = 0
        copy.changes = 0
        return InMemoryStorage(copy)
    }

    // MARK: - Changes

    /// Applies changes at once, and tells the listener before it returns.
    public func apply(_ changes: [MemoryChange], _ urgency: Urgency) throws(StoreError) {
        let receipts = try state.withLock { (state) throws(StoreError) in try state.apply(changes) }
        guard let (ticket, listener) = urgency.told else { return }
        listener.settled([SettledCommit(ticket: ticket, result: .success(receipts))])
    }

    // MARK: - Reads

    /// The session of a key.
    public func session(_ key: SessionKey) throws(StoreError) -> SessionSnapshot? {
        try open { $0.sessions[key]?.snapshot(key) }
    }

    /// Walks a copy of the active branch, newest round first.
    public func walkTurns(
        of key: SessionKey, _ visit: (StoredTurn) -> Bool
    ) throws(StoreError) -> SessionSnapshot? {
        guard let session = try open({ $0.sessions[key] }) else { return nil }
        for turn in session.turnsNewestFirst() where !visit(turn) { break }
        return session.snapshot(key)
    }

    /// Every message of a session.
    public func messages(of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try open { $0.sessions[key]?.messages ?? [] }
    }

    /// The record of an exchange.
    public func exchange(_ id: ExchangeID) throws(StoreError) -> ExchangeRecord? {
        try open { $0.exchanges[id]?.record }
    }

    func open<Result>(_ body: (InMemoryState) -> Result) throws(StoreError) -> Result {
        let copy = state.withLock { $0 }
        guard !copy.isClosed else { throw StoreError(.closed, "The store is closed.") }
        return body(copy)
    }

    // MARK: - Maintenance

    /// Turns what the journal holds into interrupted questions.
    public func recoverInterrupted(at now: Timestamp) throws(StoreError) -> Int {
        try state.withLock { (state) throws(StoreError) in try state.recover(at: now) }
    }

    /// Runs the body on the calling thread.
    public func onReaderThread(_ body: @escaping @Sendable () -> Void) {
        body()
    }

    /// Counts; the bytes are those of the messages' bodies.
    public func statistics() throws(StoreError) -> StoreStatistics {
        try open { state in
            let messages = state.sessions.values.flatMap(\.messages)
            return StoreStatistics(
                usedBytes: messages.reduce(0) { $0 + $1.message.body.readableBytes }, maximumBytes: Int.max,
                sessions: Dictionary(grouping: state.sessions.values, by: \.life.status)
                    .mapValues(\.count),
                jobs: Dictionary(grouping: state.jobs.all.values) { JobTally($0.kind, $0.status) }
                    .mapValues(\.count),
                messages: messages.count, commits: state.commits,
                changes: state.changes)
        }
    }

    /// Later calls throw.
    public func close() {
        state.withLock { $0.isClosed = true }
    }
}
