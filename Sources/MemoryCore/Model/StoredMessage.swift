/// A message in its session's tree.
public struct StoredMessage: Hashable, Sendable {
    /// Its number in the session, from 1, in order of recording; never reused.
    public let node: UInt64
    /// The message before it, 0 for the first.
    public let parent: UInt64
    /// The round, from 1, or nil for a question that never got a reply.
    public let round: Int?
    /// Its place in the round, from 0.
    public let index: Int
    /// The exchange that brought it.
    public let exchange: ExchangeID
    /// When it was recorded.
    public let createdAt: Timestamp
    /// What was said.
    public let message: NewMessage

    /// A message with its place.
    public init(
        node: UInt64, parent: UInt64, round: Int?, index: Int, exchange: ExchangeID, createdAt: Timestamp,
        message: NewMessage
    ) {
        self.node = node
        self.parent = parent
        self.round = round
        self.index = index
        self.exchange = exchange
        self.createdAt = createdAt
        self.message = message
    }
}

/// A session as the store holds it.
public struct SessionSnapshot: Hashable, Sendable {
    /// Its key.
    public let key: SessionKey
    /// When its first message was recorded.
    public let createdAt: Timestamp
    /// When the last change was recorded.
    public let lastActiveAt: Timestamp
    /// The newest message of the active branch, 0 when there is none.
    public let head: UInt64
    /// The highest node number given so far.
    public let lastNode: UInt64
    /// The highest round number given so far.
    public let lastRound: Int
    /// Whether a request of it has brought its own history.
    public let bringsHistory: Bool

    /// A snapshot by its members.
    public init(
        key: SessionKey, createdAt: Timestamp, lastActiveAt: Timestamp, head: UInt64, lastNode: UInt64,
        lastRound: Int, bringsHistory: Bool = false
    ) {
        self.key = key
        self.createdAt = createdAt
        self.lastActiveAt = lastActiveAt
        self.head = head
        self.lastNode = lastNode
        self.lastRound = lastRound
        self.bringsHistory = bringsHistory
    }
}
