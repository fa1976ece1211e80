/// What of a session's context stays as it is from request to request, so that a model server finds the
/// prompt it has cached: changed by a step only.
public struct SessionContext: Hashable, Sendable {
    /// Summaries of other sessions, as they were put in front.
    public var standing: StandingText
    /// The first round of the window, 1 until the first step.
    public var firstRound: Int
    /// Stands for the settings it was made under; others make a step.
    public var settings: UInt64

    /// A context by its members.
    public init(standing: StandingText, firstRound: Int, settings: UInt64) {
        self.standing = standing
        self.firstRound = firstRound
        self.settings = settings
    }
}

/// The text of a standing block, without its fence.
public struct StandingText: Hashable, Sendable {
    /// Nothing.
    public static let none = StandingText("", items: 0)

    /// What is said.
    public var text: String
    /// How many summaries it tells.
    public var items: Int

    /// A text and how many summaries it tells.
    public init(_ text: String, items: Int) {
        self.text = text
        self.items = items
    }

    /// Whether it says nothing.
    public var isEmpty: Bool { text.isEmpty }
}

/// What is known of a session besides what was said in it.
public struct SessionBackground: Hashable, Sendable {
    /// Whether a request of it has brought its own history.
    public var bringsHistory: Bool
    /// Its context as the last step left it; nil before the first.
    public var context: SessionContext?

    /// A background by its members.
    public init(bringsHistory: Bool = false, context: SessionContext? = nil) {
        self.bringsHistory = bringsHistory
        self.context = context
    }
}
