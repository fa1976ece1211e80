/// What the admin side shows of one exchange: what was asked, injected, answered, and how long it took.
public struct ExchangeRecord: Hashable, Sendable {
    /// The exchange.
    public var id: ExchangeID
    /// The session it belongs to.
    public var session: SessionKey
    /// The round it was recorded in, nil where it was not; the store fills it in.
    public var round: Int?
    /// When the request's head had arrived.
    public var createdAt: Timestamp
    /// The path as the client wrote it, base-URL segments included.
    public var path: String
    /// The request's `model`.
    public var model: String
    /// Whether a stream was asked for.
    public var stream: Bool
    /// How the session was found: `explicit`, `new`.
    public var resolution: String
    /// What was put in front of the client's messages.
    public var injected: InjectionRecord
    /// The upstream's status code, nil where none came.
    public var upstreamStatus: Int?
    /// Microseconds from the forwarded request to the reply's head and end.
    public var firstByteMicroseconds: Int64?
    /// Microseconds from the forwarded request to the reply's end.
    public var totalMicroseconds: Int64?
    /// How it ended.
    public var outcome: ExchangeOutcome
    /// What failed, in words, or nil.
    public var failure: String?

    /// A record of a request that was just forwarded.
    public init(
        id: ExchangeID, session: SessionKey, createdAt: Timestamp, path: String, model: String, stream: Bool,
        resolution: String, injected: InjectionRecord
    ) {
        self.id = id
        self.session = session
        self.createdAt = createdAt
        self.path = path
        self.model = model
        self.stream = stream
        self.resolution = resolution
        self.injected = injected
        outcome = .recorded
    }
}

/// How an exchange ended (admin API: `outcome`).
public enum ExchangeOutcome: UInt8, Sendable, CaseIterable {
    /// A whole reply.
    case recorded = 0
    /// No reply: an upstream's error, or none at all.
    case failed = 1
    /// A reply that was cut, or is longer than is kept.
    case incomplete = 2
    /// The client left before the reply's end.
    case disconnected = 3
}

/// What was added to a request, and why.
public struct InjectionRecord: Hashable, Sendable {
    /// Summaries.
    public var standing: Int
    /// The rounds of the window, oldest first.
    public var window: [Int]
    /// Recalled items.
    public var recall: Int
    /// Estimated tokens added.
    public var tokens: Int
    /// Why this much and no more, in words.
    public var reason: String

    /// What was added, by its counts.
    public init(standing: Int = 0, window: [Int] = [], recall: Int = 0, tokens: Int = 0, reason: String = "")
    {
        self.standing = standing
        self.window = window
        self.recall = recall
        self.tokens = tokens
        self.reason = reason
    }
}
