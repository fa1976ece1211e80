public import ChatWire
public import NIOCore

/// What alignment looks at in a request: its messages, and what decides how they relate to the session.
public struct RequestOutline: Sendable {
    /// One message of the request.
    public struct Message: Hashable, Sendable {
        /// Who speaks.
        public var role: Role
        /// The message as the client wrote it.
        public var body: ByteBuffer
        /// Whether it calls tools.
        public var callsTools: Bool

        /// A message by its members.
        public init(role: Role, body: ByteBuffer, callsTools: Bool) {
            self.role = role
            self.body = body
            self.callsTools = callsTools
        }
    }

    /// The messages, in order.
    public let messages: [Message]
    /// How many system and developer messages lead.
    public let leading: Int
    /// The last user message's place, or nil.
    public let lastUser: Int?
    /// Whether assistant messages stand before the last user message.
    public let holdsReplies: Bool
    /// Whether the request brings its own history: it holds replies, or its client always resends.
    public let bringsHistory: Bool
    /// Whether the question of the session's only round may be meant again.
    public let mayAskAgain: Bool
    /// Whether its client is known to send the whole conversation each time.
    public let isResent: Bool
    /// Whether tool calls and their results stand behind the last user message.
    public let hasToolStep: Bool

    /// The outline of a request.
    ///
    /// - Parameter history: what its client sends of a conversation.
    public init(_ messages: [Message], history: ClientHistory = .shown) {
        self.messages = messages
        leading = messages.prefix { $0.role == .system || $0.role == .developer }.count
        let lastUser = messages.lastIndex { $0.role == .user }
        self.lastUser = lastUser
        holdsReplies = messages[..<(lastUser ?? messages.count)].contains { $0.role == .assistant }
        bringsHistory =
            switch history {
            case .shown: holdsReplies
            case .whole: true
            case .newest, .running: false
            }
        isResent = history == .whole
        mayAskAgain = !holdsReplies && history != .running
        let suffix = messages[(lastUser ?? 0)...]
        hasToolStep = lastUser != nil && suffix.contains { $0.role == .tool || $0.role == .function }
    }

    /// The user's messages in front of a place, in the form in which messages are compared.
    public func earlierQuestions(before place: Int, _ fence: MemoryFence) -> Set<CanonicalForm> {
        Set(
            messages[..<place].filter { $0.role == .user }
                .map { CanonicalForm($0.body, role: .user, fence: fence) })
    }
}

/// What a client sends of a conversation.
public enum ClientHistory: Hashable, Sendable {
    /// Each request shows it.
    case shown
    /// The whole of it each time.
    case whole
    /// Only what is new, and perhaps some of what went before.
    case newest
    /// As the newest, into a session that goes on whatever is said: nothing in it is asked again.
    case running
}
