/// How much of a session its window may hold.
public struct WindowBounds: Hashable, Sendable {
    /// The most rounds, sliding; 0 for no bound.
    public var rounds: Int
    /// The most messages, sliding; 0 for no bound.
    public var messages: Int
    /// The most tokens; 0 for what the budget allows.
    public var tokens: Int
    /// To how many tokens a step cuts the window; 0 for half of what it finds.
    public var keepTokens: Int

    /// Bounds by their members.
    public init(rounds: Int = 0, messages: Int = 0, tokens: Int = 0, keepTokens: Int = 0) {
        self.rounds = rounds
        self.messages = messages
        self.tokens = tokens
        self.keepTokens = keepTokens
    }

    /// Bounds of a window that holds nothing.
    public static let none = WindowBounds(tokens: -1)

    /// Whether the window slides with every request, so that no cached prompt is found again.
    public var slides: Bool { rounds > 0 || messages > 0 }
}
