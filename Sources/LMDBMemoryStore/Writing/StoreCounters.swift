internal import Synchronization

/// What was committed since the start.
final class StoreCounters: Sendable {
    private let state = Mutex((commits: 0, changes: 0))

    /// Adds what one transaction did.
    func count(commits: Int, changes: Int) {
        state.withLock { state in
            state.commits += commits
            state.changes += changes
        }
    }

    /// The sums.
    var totals: (commits: Int, changes: Int) { state.withLock { $0 } }
}
