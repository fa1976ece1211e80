package import MemoryCore
internal import Synchronization

/// The sessions that requests are under way in: none of them has ended. Shared by all loops.
package final class RunningSessions: Sendable {
    private let counts = Mutex<[SessionKey: Int]>([:])

    /// No session yet.
    package init() {}

    /// A request of the session begins.
    ///
    /// - Returns: whether another one was under way.
    func began(_ key: SessionKey) -> Bool {
        counts.withLock { counts in
            let before = counts[key] ?? 0
            counts[key] = before + 1
            return before > 0
        }
    }

    /// It is over, and on its way into the store.
    func ended(_ key: SessionKey) {
        counts.withLock { counts in
            let left = (counts[key] ?? 1) - 1
            counts[key] = left > 0 ? left : nil
        }
    }

    /// Whether a request of the session is under way.
    package func contains(_ key: SessionKey) -> Bool {
        counts.withLock { $0[key] != nil }
    }
}
