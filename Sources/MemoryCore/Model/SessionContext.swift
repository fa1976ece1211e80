/// What of a session's context stays as it is from request to request, so that a model server finds the
/// prompt it has cached: changed by a step only.
public struct SessionContext: Hashable, Sendable {
    /// Summaries of other sessions, as they were put in front.
    public var standing: StandingText
    /// The first round of the window, 1 until the first step.
    public var firstRound: Int
    /// Stands for the settings it was made under; others make a step.
    public var settings: UInt64
    /// The exchange that put the standing text in front first; nil until that is recorded.
    public var madeBy: ExchangeID?

    /// Stands for no settings: what was frozen under it is made anew.
    public static let noSettings: UInt64 = 0

    /// The same after rounds were deleted: what is put in front has changed anyway, so it is made anew.
    public var outdated: SessionContext {
        SessionContext(standing: .none, firstRound: firstRound, settings: Self.noSettings)
    }

    /// A context by its members.
    public init(
        standing: StandingText, firstRound: Int, settings: UInt64, madeBy: ExchangeID? = nil
    ) {
        self.standing = standing
        self.firstRound = firstRound
        self.settings = settings
        self.madeBy = madeBy
    }
}

/// The text of a standing block, without its fence: what each plugin had to say.
public struct StandingText: Hashable, Sendable {
    /// What one plugin said.
    public struct Part: Hashable, Sendable {
        /// The plugin's name; empty until it is known.
        public var plugin: String
        /// What is said.
        public var text: String
        /// How many summaries it tells.
        public var items: Int
        /// Which ones these are, where they are the owner's.
        public var summaries: [SummaryPlace]
        /// Whether it has a line for each session, and not its summary.
        public var isDigest = false

        /// A part by its members.
        public init(plugin: String, text: String, items: Int, summaries: [SummaryPlace]) {
            self.plugin = plugin
            self.text = text
            self.items = items
            self.summaries = summaries
        }
    }

    /// Nothing.
    public static let none = StandingText([Part]())

    /// The parts that say something, in order.
    public private(set) var parts: [Part]

    /// A text of parts; empty ones are left out.
    public init(_ parts: [Part]) {
        self.parts = parts.filter { !$0.text.isEmpty }
    }

    /// A text, and how many summaries it tells.
    ///
    /// - Parameter summaries: which ones, where they are the owner's.
    public init(_ text: String, items: Int, of summaries: [SummaryPlace] = []) {
        self.init([Part(plugin: "", text: text, items: items, summaries: summaries)])
    }

    /// What is said.
    public var text: String { parts.count == 1 ? parts[0].text : parts.map(\.text).joined(separator: "\n\n") }

    /// How many summaries it tells.
    public var items: Int { parts.reduce(0) { $0 + $1.items } }

    /// Whether it says nothing.
    public var isEmpty: Bool { parts.isEmpty }

    /// The same, once it is known who says it.
    public func said(by plugin: String) -> StandingText {
        var text = self
        for place in parts.indices { text.parts[place].plugin = plugin }
        return text
    }

    /// It has a line for each session.
    public mutating func becomeDigest() {
        for place in parts.indices { parts[place].isDigest = true }
    }
}

/// Where a summary stands among those of an owner.
public struct SummaryPlace: Hashable, Sendable {
    /// Its session's name.
    public var session: String
    /// Its number in the session's chain.
    public var number: Int

    /// A place by its members.
    public init(session: String, number: Int) {
        self.session = session
        self.number = number
    }
}

/// What is known of a session besides what was said in it.
public struct SessionBackground: Hashable, Sendable {
    /// Whether a request of it has brought its own history.
    public var bringsHistory: Bool
    /// The last round that was deleted with those before it: its summaries tell them; 0 for none.
    public var trimmedRound: Int
    /// Its context as the last step left it; nil before the first.
    public var context: SessionContext?

    /// A background by its members.
    public init(bringsHistory: Bool = false, trimmedRound: Int = 0, context: SessionContext? = nil) {
        self.bringsHistory = bringsHistory
        self.trimmedRound = trimmedRound
        self.context = context
    }
}
