package import MemoryCore
internal import Synchronization

/// The sessions that users and rooms are in, so that parallel requests find the same one before the first of
/// them is recorded. Shared by all loops; what it forgets, the store knows.
package final class OpenSessions: Sendable {
    private struct Entry {
        var name: String
        var lastActive: Timestamp
        var running: Int
    }

    private let capacity: Int
    private let entries = Mutex<[SessionOwner: Entry]>([:])

    /// Remembers as many as that, and those with requests under way.
    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// Whether the owner's session has to be looked up in the store first.
    func isUnknown(_ owner: SessionOwner) -> Bool {
        entries.withLock { $0[owner] == nil }
    }

    /// A request of the owner begins: in the session that is open, else in a new one.
    ///
    /// - Parameters:
    ///   - stored: what the store knows, where it was asked.
    ///   - idle: microseconds without activity after which a session has ended.
    func enter(
        _ owner: SessionOwner, stored: SessionSnapshot?, idle: Int64, at now: Timestamp, newName: () -> String
    ) -> String {
        entries.withLock { entries in
            let known =
                entries[owner]
                ?? stored.map { Entry(name: $0.key.name, lastActive: $0.lastActiveAt, running: 0) }
            var entry: Entry
            if let known, known.running > 0 || now.microseconds - known.lastActive.microseconds <= idle {
                entry = known
            } else {
                entry = Entry(name: newName(), lastActive: now, running: 0)
            }
            entry.lastActive = max(entry.lastActive, now)
            entry.running += 1
            entries[owner] = entry
            let name = entry.name
            if entries.count > capacity { Self.forget(&entries) }
            return name
        }
    }

    /// A request begins in a session that was found in another way.
    ///
    /// - Returns: whether that is the one its owner is in.
    func join(_ owner: SessionOwner, _ name: String, at now: Timestamp) -> Bool {
        entries.withLock { entries in
            guard var entry = entries[owner], entry.name == name else { return false }
            entry.lastActive = max(entry.lastActive, now)
            entry.running += 1
            entries[owner] = entry
            return true
        }
    }

    /// It is over and recorded.
    func leave(_ owner: SessionOwner, _ name: String, at now: Timestamp) {
        entries.withLock { entries in
            guard entries[owner]?.name == name else { return }
            entries[owner]?.running -= 1
            entries[owner]?.lastActive = now
        }
    }

    /// A session was ended: its owner's next request begins another one.
    package func end(_ key: SessionKey) {
        entries.withLock { entries in
            guard entries[key.owner]?.name == key.name else { return }
            entries[key.owner] = nil
        }
    }

    private static func forget(_ entries: inout [SessionOwner: Entry]) {
        entries = entries.filter { $0.value.running > 0 }
    }
}
