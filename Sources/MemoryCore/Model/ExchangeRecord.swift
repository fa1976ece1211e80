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
    /// How the request relates to its session, and why that was taken to be so.
    public var verdict = ""
    /// Who asked.
    public var user = ""
    /// What memory was to do: `full`.
    public var mode = ""
    /// The policy.
    public var policy = ""
    /// What memory did, as `X-Memory-Status` says it, as far as that was known when this was written.
    public var status = ""
    /// The upstream's name.
    public var upstream = ""
    /// How often the request went up.
    public var attempts = 1
    /// How long the gateway itself took.
    public var gateway = GatewayTimes()
    /// Whether the end of the reply waited for this.
    public var isAcknowledged = false
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
