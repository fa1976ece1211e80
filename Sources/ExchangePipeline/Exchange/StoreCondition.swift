internal import Synchronization

/// What the store said last, for replies whose head leaves before their own commit. Shared by all loops.
package final class StoreCondition: Sendable {
    /// After how long a failure says nothing any more of who asks whether to send requests here: without any
    /// no commit would ever succeed again.
    private static let memory = Duration.seconds(30)

    private let lastFailure = Mutex<(what: Degradation, at: ContinuousClock.Instant)?>(nil)

    /// A store that has not failed yet.
    package init() {}

    /// Why the newest commit failed; nil where it did not.
    var degradation: Degradation? { lastFailure.withLock { $0?.what } }

    /// A commit has settled.
    package func note(_ failure: Degradation?) {
        let stored = failure.map { (what: $0, at: ContinuousClock.now) }
        lastFailure.withLock { $0 = stored }
    }

    /// Why the newest commit failed, where it did so lately; nil where it did not.
    package func recentFailure(at now: ContinuousClock.Instant = .now) -> Degradation? {
        lastFailure.withLock { $0 }.flatMap { now - $0.at < Self.memory ? $0.what : nil }
    }
}
