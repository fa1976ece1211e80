internal import MemoryCore

/// The sessions of an in-memory store, and when each is to be looked at.
struct InMemorySessions {
    private(set) var all: [SessionKey: InMemorySession] = [:]
    private(set) var deadlines = InMemoryDeadlines<SessionKey, String> { $0.name }

    /// A session, or nil; its deadline is kept in step.
    subscript(_ key: SessionKey) -> InMemorySession? {
        get { all[key] }
        set {
            deadlines.move(key, from: all[key]?.life.deadline, to: newValue?.life.deadline)
            all[key] = newValue
        }
    }

    var values: Dictionary<SessionKey, InMemorySession>.Values { all.values }
    var keys: Dictionary<SessionKey, InMemorySession>.Keys { all.keys }
    var count: Int { all.count }
}
