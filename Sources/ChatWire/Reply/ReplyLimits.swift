/// What is kept of a reply (settings `limits.reply` and `limits.eventLine`); all of it is relayed anyway.
public struct ReplyLimits: Hashable, Sendable {
    /// Bytes of text, reasoning and calls of all choices together.
    public var reply = 8 << 20
    /// Bytes of one line of a stream, and of the data of one event.
    public var eventLine = 1 << 20

    /// The defaults of the contract.
    public init() {}
}
