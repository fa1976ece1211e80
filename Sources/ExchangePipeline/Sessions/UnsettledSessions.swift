internal import MemoryCore
internal import Synchronization

/// Sessions whose replies left before their records were on the disk: a read of one waits for them, so that a
/// request finds what the gateway answered before. Shared by all loops.
package final class UnsettledSessions: Sendable {
    private let counts = Mutex<[SessionKey: Int]>([:])

    /// No session yet.
    package init() {}

    /// A reply of the session has left, its record has not arrived.
    func began(_ key: SessionKey) {
        counts.withLock { $0[key, default: 0] += 1 }
    }

    /// It is on the disk, or failed.
    func settled(_ key: SessionKey) {
        counts.withLock { counts in
            let left = (counts[key] ?? 1) - 1
            counts[key] = left > 0 ? left : nil
        }
    }

    /// Whether a read of the session has to wait.
    func contains(_ key: SessionKey) -> Bool {
        counts.withLock { $0[key] != nil }
    }
}
