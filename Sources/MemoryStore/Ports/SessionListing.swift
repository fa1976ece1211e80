public import MemoryCore

/// Which sessions are wanted, and which page of them: newest activity first.
public struct SessionQuery: Sendable {
    /// Of that tenant only.
    public var tenant: String?
    /// Of that person only.
    public var user: String?
    /// Of that room only.
    public var chat: String?
    /// Those that are that far only.
    public var status: SessionStatus?
    /// Open ones only, or others only.
    public var isActive: Bool?
    /// A part of title, id or user, whatever its case.
    public var text: String?
    /// Where the page begins; nil for the first one.
    public var behind: SessionCursor?
    /// How many a page holds at most.
    public var count: Int

    /// Every session.
    public init(count: Int = 50) {
        self.count = count
    }

    /// Whether a session is wanted.
    public func matches(_ session: SessionDetails) -> Bool {
        let owner = session.key.owner
        if let tenant, tenant != owner.tenant { return false }
        if let user, owner.kind != .user || owner.name != user { return false }
        if let chat, owner.kind != .chat || owner.name != chat { return false }
        if let status, session.life.status != status { return false }
        if let isActive, (session.life.status == .open) != isActive { return false }
        guard let text, !text.isEmpty else { return true }
        let wanted = text.lowercased()
        return [session.life.title ?? "", session.id, owner.name].contains {
            $0.lowercased().contains(wanted)
        }
    }
}

/// Where a page of sessions begins: behind that one.
public struct SessionCursor: Hashable, Comparable, Sendable {
    /// Its last activity.
    public var lastActive: Timestamp
    /// Tells it from others of that moment.
    public var number: UInt64

    /// A place by its members.
    public init(lastActive: Timestamp, number: UInt64) {
        self.lastActive = lastActive
        self.number = number
    }

    /// Older is less.
    public static func < (left: SessionCursor, right: SessionCursor) -> Bool {
        (left.lastActive, left.number) < (right.lastActive, right.number)
    }
}

/// A page of sessions, gathered in any order.
public struct SessionPage: Sendable {
    private let query: SessionQuery
    private var found: [(place: SessionCursor, session: SessionDetails)] = []
    /// How many sessions are wanted in all.
    public private(set) var total = 0
    /// How many of them are open.
    public private(set) var active = 0

    /// An empty page.
    public init(_ query: SessionQuery) {
        self.query = query
    }

    /// The sessions, newest activity first.
    public var sessions: [SessionDetails] { found.prefix(query.count).map(\.session) }

    /// Where the next page begins; nil where this is the last one.
    public var next: SessionCursor? {
        found.count > query.count && query.count > 0 ? found[query.count - 1].place : nil
    }

    /// Looks at a session.
    ///
    /// - Parameter number: the engine's own, which tells sessions of one moment apart.
    public mutating func visit(_ session: SessionDetails, number: UInt64) {
        guard query.matches(session) else { return }
        total += 1
        if session.life.status == .open { active += 1 }
        let place = SessionCursor(lastActive: session.snapshot.lastActiveAt, number: number)
        if let behind = query.behind, place >= behind { return }
        // One more than the page holds tells whether there is a next one.
        guard found.count <= query.count || place > found[found.count - 1].place else { return }
        let index = found.firstIndex { $0.place < place } ?? found.count
        found.insert((place, session), at: index)
        if found.count > query.count + 1 { found.removeLast() }
    }
}
