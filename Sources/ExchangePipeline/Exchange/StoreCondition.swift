internal import Synchronization

/// What the store said last, for replies whose head leaves before their own commit. Shared by all loops.
package final class StoreCondition: Sendable {
    private let lastFailure = Mutex<Degradation?>(nil)

    /// A store that has not failed yet.
    package init() {}

    /// Why the newest commit failed; nil where it did not.
    var degradation: Degradation? { lastFailure.withLock { $0 } }

    /// A commit has settled.
    func note(_ failure: Degradation?) {
        lastFailure.withLock { $0 = failure }
    }
}
