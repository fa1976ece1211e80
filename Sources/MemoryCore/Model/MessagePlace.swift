/// Where a message stands, without what it says.
public struct MessagePlace: Hashable, Sendable {
    /// Its number in the session.
    public let node: UInt64
    /// The message before it, 0 for the first.
    public let parent: UInt64
    /// The round, or nil for a question that never got a reply.
    public let round: Int?
    /// Its place in the round, from 0.
    public let index: Int
    /// When it was recorded.
    public let createdAt: Timestamp

    /// A place by its members.
    public init(node: UInt64, parent: UInt64, round: Int?, index: Int, createdAt: Timestamp) {
        self.node = node
        self.parent = parent
        self.round = round
        self.index = index
        self.createdAt = createdAt
    }

    /// Where a message stands.
    public init(_ stored: StoredMessage) {
        self.init(
            node: stored.node, parent: stored.parent, round: stored.round, index: stored.index,
            createdAt: stored.createdAt)
    }
}
