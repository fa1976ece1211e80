public import MemoryCore

/// Messages of a session that go for good. Numbers go on behind them, and none is given again.
public struct SessionTrim: Hashable, Sendable {
    /// The session.
    public var session: SessionKey
    /// The messages' numbers; none only files the session under its age as it is now.
    public var nodes: [UInt64]
    /// Whether the records of the exchanges that brought them go with them.
    public var withExchanges: Bool

    /// A trim by its members.
    public init(_ session: SessionKey, nodes: [UInt64], withExchanges: Bool = false) {
        self.session = session
        self.nodes = nodes
        self.withExchanges = withExchanges
    }
}

/// A session that goes for good with everything that is known of it, unless something has happened in it.
public struct SessionErasure: Hashable, Sendable {
    /// The session.
    public var session: SessionKey
    /// It stays where it was active then or later, or is open.
    public var before: Timestamp

    /// An erasure by its members.
    public init(_ session: SessionKey, ifNotActiveSince before: Timestamp) {
        self.session = session
        self.before = before
    }
}
