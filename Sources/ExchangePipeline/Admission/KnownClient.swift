internal import ChatWire

/// What is known of clients by name: the one table of how they say who speaks.
struct KnownClient {
    /// A field that names a user.
    struct UserField {
        /// The field's name.
        var name: String
        /// Whether its client can sign identities instead.
        var isSignedElsewhere: Bool
    }

    /// Fields that name users, the first found counts.
    static let userFields = [
        // Open WebUI 0.12 with ENABLE_FORWARD_USER_INFO_HEADERS (utils/headers.py); an id of its database.
        UserField(name: "X-OpenWebUI-User-Id", isSignedElsewhere: true)
    ]

    /// Clients whose body member `user` names the conversation, by the beginning of their `User-Agent`.
    private static let conversationUsers = [
        // Home Assistant's OpenAI conversation agents (openai_conversation/entity.py).
        "HomeAssistant/"
    ]

    /// Whether the body member `user` names the conversation.
    let usesUserForConversations: Bool

    /// The client that a request's fields tell of.
    init(_ headers: HeaderFields) {
        let agent = headers.first("User-Agent") ?? ""
        usesUserForConversations = Self.conversationUsers.contains { agent.hasPrefix($0) }
    }
}
