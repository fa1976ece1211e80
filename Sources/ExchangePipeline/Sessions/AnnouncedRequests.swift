internal import MemoryCore
internal import Synchronization

/// Requests under way whose clients would announce a retry: the store does not know them yet. Shared by all
/// loops.
package final class AnnouncedRequests: Sendable {
    private struct Key: Hashable {
        var owner: SessionOwner
        var kind: RequestFingerprint.Kind
        var high: UInt64
        var low: UInt64
    }

    private struct Entry {
        var session: SessionKey
        var at: Timestamp
    }

    private let generation: Int
    private let state = Mutex<(recent: [Key: Entry], older: [Key: Entry])>(([:], [:]))

    /// Remembers at least half of `capacity`, never more.
    package init(capacity: Int) {
        generation = max(1, capacity / 2)
    }

    /// The session of an earlier request that one of these fingerprints announces to be tried again.
    func session(
        of fingerprints: [RequestFingerprint], owner: SessionOwner, at now: Timestamp
    ) -> SessionKey? {
        state.withLock { state in
            for fingerprint in fingerprints where fingerprint.isRetry {
                let key = Self.key(fingerprint, owner)
                guard let entry = state.recent[key] ?? state.older[key],
                    fingerprint.isRemembered(since: entry.at, at: now)
                else { continue }
                return entry.session
            }
            return nil
        }
    }

    /// A request begins.
    func note(_ fingerprints: [RequestFingerprint], _ session: SessionKey, at now: Timestamp) {
        guard !fingerprints.isEmpty else { return }
        state.withLock { state in
            for fingerprint in fingerprints {
                state.recent[Self.key(fingerprint, session.owner)] = Entry(session: session, at: now)
            }
            guard state.recent.count > generation else { return }
            state = (recent: [:], older: state.recent)
        }
    }

    private static func key(_ fingerprint: RequestFingerprint, _ owner: SessionOwner) -> Key {
        Key(owner: owner, kind: fingerprint.kind, high: fingerprint.high, low: fingerprint.low)
    }
}
