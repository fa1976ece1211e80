/// What a plugin sees of a request. It names no tenant and no user: `PluginServices` is bound to them.
public struct RequestView: Sendable {
    /// Path, model, policy and key.
    public var subject: PluginCondition.Subject
    /// Whether a person is named, so that what is known of them may be said; nobody's memory is nobody's.
    public var isOwnerNamed: Bool
    /// Whether the session is a room's, which knows nothing of persons and tells persons nothing.
    public var isChat: Bool
    /// The text of the newest user message, for hooks behind `StandingHook`; empty where there is none.
    public var question: String

    /// A request by its members.
    public init(
        subject: PluginCondition.Subject, isOwnerNamed: Bool, isChat: Bool, question: String
    ) {
        self.subject = subject
        self.isOwnerNamed = isOwnerNamed
        self.isChat = isChat
        self.question = question
    }
}
