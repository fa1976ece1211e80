package import MemoryCore
package import MemoryStore

/// A store whose commits of finished exchanges a test holds, lets go or fails; everything else is the store's
/// behind.
package final class GatedStorage: MemoryStorage {
    private enum Gate: Sendable {
        case open
        case holding
        case failing(StoreError)
        case refusing(StoreError)
    }

    private struct Held: Sendable {
        var changes: [MemoryChange]
        var urgency: Urgency
    }

    private struct State: Sendable {
        var gate = Gate.open
        var held: [Held] = []
        var asked = 0
        var settled = 0
    }

    let base: any MemoryStorage
    private let state = Watched(State())

    /// A gate, open at first, in front of a store.
    package init(_ base: any MemoryStorage) {
        self.base = base
    }

    // MARK: For tests

    /// From now on records are kept back.
    package func hold() { state.update { $0.gate = .holding } }

    /// From now on records fail when they are committed.
    package func fail(_ error: StoreError) { state.update { $0.gate = .failing(error) } }

    /// From now on records are not taken.
    package func refuse(_ error: StoreError) { state.update { $0.gate = .refusing(error) } }

    /// Lets records pass again, those kept back first.
    package func open() throws(StoreError) {
        let held = state.update { state in
            state.gate = .open
            let held = state.held
            state.held = []
            return held
        }
        for change in held { try pass(change.changes, change.urgency) }
    }

    /// Waits until that many records and amendments were handed to the store.
    package func asked(_ count: Int) async throws { try await state.until { $0.asked >= count } }

    /// Waits until that many records and amendments are committed or have failed.
    package func settled(_ count: Int) async throws { try await state.until { $0.settled >= count } }

    /// Records and amendments so far.
    package var asked: Int { state.look { $0.asked } }

    // MARK: ChangeWriter

    /// Holds, refuses, fails or passes changes on, as the gate stands.
    package func apply(_ changes: [MemoryChange], _ urgency: Urgency) throws(StoreError) {
        guard changes.isEmpty || changes.contains(where: \.isRecord) else {
            return try base.apply(changes, urgency)
        }
        let gate = state.update { state in
            if !changes.isEmpty { state.asked += 1 }
            if case .holding = state.gate { state.held.append(Held(changes: changes, urgency: urgency)) }
            return state.gate
        }
        switch gate {
        case .open: try pass(changes, urgency)
        case .holding: break
        case .refusing(let error): throw error
        case .failing(let error):
            guard let (ticket, listener) = urgency.told else { return }
            Counting(listener, state).settled([SettledCommit(ticket: ticket, result: .failure(error))])
        }
    }

    private func pass(_ changes: [MemoryChange], _ urgency: Urgency) throws(StoreError) {
        guard !changes.isEmpty else { return try base.apply(changes, urgency) }
        try base.apply(changes, urgency.telling { Counting($0, state) })
    }

    /// Counts on the way back.
    private final class Counting: CommitListener {
        private let listener: any CommitListener
        private let state: Watched<State>

        init(_ listener: any CommitListener, _ state: Watched<State>) {
            self.listener = listener
            self.state = state
        }

        func settled(_ commits: [SettledCommit]) {
            listener.settled(commits)
            state.update { $0.settled += commits.count }
        }
    }

    // MARK: What passes

    /// Passes on.
    package func session(_ key: SessionKey) throws(StoreError) -> SessionSnapshot? { try base.session(key) }

    /// Passes on.
    package func walkTurns(
        of key: SessionKey, _ visit: (StoredTurn) -> Bool
    ) throws(StoreError) -> SessionSnapshot? {
        try base.walkTurns(of: key, visit)
    }

    /// Passes on.
    package func messages(of key: SessionKey) throws(StoreError) -> [StoredMessage] {
        try base.messages(of: key)
    }

    /// Passes on.
    package func exchange(_ id: ExchangeID) throws(StoreError) -> ExchangeRecord? { try base.exchange(id) }

    /// Passes on.
    package func recoverInterrupted(at now: Timestamp) throws(StoreError) -> Int {
        try base.recoverInterrupted(at: now)
    }

    /// Passes on.
    package func onReaderThread(_ body: @escaping @Sendable () -> Void) { base.onReaderThread(body) }

    /// Passes on.
    package func statistics() throws(StoreError) -> StoreStatistics { try base.statistics() }

    /// Passes on.
    package func close() { base.close() }
}

extension MemoryChange {
    /// Whether it ends an exchange, or adds to one that has ended.
    fileprivate var isRecord: Bool {
        switch self {
        case .record, .amend: true
        default: false
        }
    }
}
