internal import MemoryCore

/// Remembers which sessions were read or written lately, so that their pages are in memory: their reads run
/// on the event loop, those of others on the store's reader thread. Two generations instead of a list in
/// order of use.
struct WarmSessions {
    private let generation: Int
    private var recent: Set<SessionKey> = []
    private var older: Set<SessionKey> = []

    /// Remembers at least half of `capacity`, never more.
    init(capacity: Int) {
        generation = max(1, capacity / 2)
    }

    /// Whether the session was touched lately.
    func contains(_ key: SessionKey) -> Bool {
        recent.contains(key) || older.contains(key)
    }

    /// The session was read or written.
    mutating func touch(_ key: SessionKey) {
        guard recent.insert(key).inserted, recent.count > generation else { return }
        older = recent
        recent = [key]
    }
}
