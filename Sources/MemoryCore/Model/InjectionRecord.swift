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
    /// Where the standing block went; nil where there was none.
    public var placement: Placement?
    /// Whether window and standing block changed together.
    public var isStep = false
    /// Estimated tokens that could have been added.
    public var budget = 0
    /// What each plugin added.
    public var blocks: [InjectedBlock] = []

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

/// What one plugin added to a request (admin API: `injected.blocks`).
public struct InjectedBlock: Hashable, Sendable {
    /// The kinds of block.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Summaries in front.
        case standing = 0
        /// Recorded rounds.
        case window = 1
        /// A note behind the newest question.
        case recall = 2
        /// A line for each session of today and yesterday, in front.
        case digest = 3

        /// As the admin API spells it.
        public var name: String { "\(self)" }
    }

    /// Who added it.
    public var plugin: String
    /// What it is.
    public var kind: Kind
    /// Estimated tokens of its text.
    public var tokens: Int
    /// Why this, and no more.
    public var reason: String
    /// What it was made of.
    public var items: [InjectedItem] = []
    /// What it said; nil where that stands elsewhere.
    public var text: String?
    /// The exchange whose record holds the text; nil where this one does, or the text is that of messages.
    public var textOf: ExchangeID?

    /// A block by its members.
    public init(plugin: String, kind: Kind, tokens: Int, reason: String) {
        self.plugin = plugin
        self.kind = kind
        self.tokens = tokens
        self.reason = reason
    }
}

/// What a block was made of.
public enum InjectedItem: Hashable, Sendable {
    /// A summary of the session's owner.
    case summary(SummaryPlace)
    /// A round of the session itself.
    case round(Int)
}

/// How long the gateway itself took, in microseconds; nil for what was not done.
public struct GatewayTimes: Hashable, Sendable {
    /// Who may do what.
    public var admit: Int64?
    /// Finding the session.
    public var resolve: Int64?
    /// Reading what is remembered.
    public var recall: Int64?
    /// Putting it into the request.
    public var assemble: Int64?

    /// Nothing was done yet.
    public init() {}
}
