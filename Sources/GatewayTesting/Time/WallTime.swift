package import MemoryCore
internal import Synchronization

/// A wall clock that moves only when a test moves it.
package final class WallTime: Sendable {
    private let moment: Mutex<Int64>

    /// A clock that shows a day in November 2026.
    package init() {
        moment = Mutex(1_795_000_000_000_000)
    }

    /// The moment it shows.
    package var now: Timestamp { Timestamp(microseconds: moment.withLock { $0 }) }

    /// Moves it on.
    package func advance(by time: Duration) {
        let (seconds, attoseconds) = time.components
        moment.withLock { $0 += seconds * 1_000_000 + attoseconds / 1_000_000_000_000 }
    }
}
