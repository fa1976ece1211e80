public import MemoryCore
public import MemoryStore
internal import SystemCalls

/// A store that fails on purpose: it holds commits back, refuses changes, lets commits fail, or fails reads.
///
/// What is held back is not applied yet, as with a disk that hangs; released, it is applied in its order.
public final class FaultyStorage: MemoryStorage {
    private struct Held: Sendable {
        var changes: [MemoryChange]
        var urgency: Urgency
    }

    /// What becomes of a list of changes.
    private enum Fate: Sendable {
        case pass
        case hold
        case refuse(StoreError)
        case fail(StoreError)
    }

    /// A failure that begins behind some others of its kind, and ends after one or never.
    private struct Plan: Sendable {
        var before: Int
        var error: StoreError
        var isLasting: Bool

        /// Counts one call.
        ///
        /// - Returns: the error it fails with, if it is its turn.
        mutating func count() -> StoreError? {
            defer { before -= 1 }
            return before == 0 || (before < 0 && isLasting) ? error : nil
        }
    }

    private struct State: Sendable {
        var isHolding = false
        var held: [Held] = []
        var applies: Plan?
        var commits: Plan?
        var reads: Plan?
        var readCount = 0
        var changeCount = 0

        mutating func fate(of list: Held) -> Fate {
            changeCount += list.changes.count
            if let error = applies?.count() { return .refuse(error) }
            if let error = commits?.count() { return .fail(error) }
            guard isHolding else { return .pass }
            held.append(list)
            return .hold
        }
    }

    let inner: any MemoryStorage
    private let state = Monitor(State())

    /// A store that does what another does, until it is told otherwise.
    public init(_ inner: any MemoryStorage = InMemoryStorage()) {
        self.inner = inner
    }

    // MARK: - Faults

    /// Holds back every change from now on.
    public func holdCommits() {
        state.update { $0.isHolding = true }
    }

    /// Applies what was held back, and holds nothing more.
    public func releaseCommits() throws(StoreError) {
        let held = state.update { state in
            defer { state.held = [] }
            state.isHolding = false
            return state.held
        }
        for list in held { try inner.apply(list.changes, list.urgency) }
    }

    /// How many lists of changes are held back.
    public var heldCount: Int { state.look { $0.held.count } }

    /// Blocks until so many lists are held back.
    public func waitUntilHeld(_ count: Int) {
        state.wait { $0.held.count >= count ? .now(()) : .sleep(until: nil) }
    }

    /// Makes `apply` throw, after so many calls that do not.
    public func refuseChanges(after before: Int = 0, with error: StoreError, lasting: Bool = false) {
        state.update { $0.applies = Plan(before: before, error: error, isLasting: lasting) }
    }

    /// Makes commits settle with a failure and change nothing, after so many that succeed.
    public func failCommits(after before: Int = 0, with error: StoreError, lasting: Bool = false) {
        state.update { $0.commits = Plan(before: before, error: error, isLasting: lasting) }
    }

    /// Makes reads throw, after so many that do not.
    public func failReads(after before: Int = 0, with error: StoreError, lasting: Bool = false) {
        state.update { $0.reads = Plan(before: before, error: error, isLasting: lasting) }
    }

    /// Ends every fault; what is held back stays so until it is released.
    public func recover() {
        state.update { state in
            state.applies = nil
            state.commits = nil
            state.reads = nil
        }
    }

    // MARK: - The store

    /// Applies changes as the faults of the moment have it.
    public func apply(_ changes: [MemoryChange], _ urgency: Urgency) throws(StoreError) {
        switch state.update({ $0.fate(of: Held(changes: changes, urgency: urgency)) }) {
        case .pass: try inner.apply(changes, urgency)
        case .hold: return
        case .refuse(let error): throw error
        case .fail(let error):
            guard let (ticket, listener) = urgency.told else { return }
            listener.settled([SettledCommit(ticket: ticket, result: .failure(error))])
        }
    }

    /// The session of a key.
    public func session(_ key: SessionKey) throws(StoreError) -> SessionSnapshot? {
        try countRead()
        return try inner.session(key)
    }

    /// Walks the active branch.
    public func walkTurns(
        of key: SessionKey, _ visit: (StoredTurn) -> Bool
    ) throws(StoreError) -> SessionSnapshot? {
        try countRead()
        return try inner.walkTurns(of: key, visit)
    }

    /// Every message of a session.
    public func messages(of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try countRead()
        return try inner.messages(of: key)
    }

    /// The record of an exchange.
    public func exchange(_ id: ExchangeID) throws(StoreError) -> ExchangeRecord? {
        try countRead()
        return try inner.exchange(id)
    }

    func countRead() throws(StoreError) {
        let error = state.update { state in
            state.readCount += 1
            return state.reads?.count()
        }
        if let error { throw error }
    }

    /// Reads so far, those that failed too.
    public var readCount: Int { state.look { $0.readCount } }

    /// Changes that were handed over so far.
    public var changeCount: Int { state.look { $0.changeCount } }

    /// Keeps interrupted questions.
    public func recoverInterrupted(at now: Timestamp) throws(StoreError) -> Int {
        try inner.recoverInterrupted(at: now)
    }

    /// Runs a read where the inner store runs it.
    public func onReaderThread(_ body: @escaping @Sendable () -> Void) {
        inner.onReaderThread(body)
    }

    /// The inner store's sizes and counts.
    public func statistics() throws(StoreError) -> StoreStatistics {
        try inner.statistics()
    }

    /// Closes the inner store; what is held back is lost.
    public func close() {
        inner.close()
    }
}
