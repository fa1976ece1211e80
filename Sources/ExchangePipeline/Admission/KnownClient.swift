internal import ChatWire

/// What is known of clients by name: the one table of how they say who speaks, and in which conversation.
struct KnownClient {
    /// A field that names a user.
    struct UserField {
        /// The field's name.
        var name: String
        /// Whether its client can sign identities instead.
        var isSignedElsewhere: Bool
    }

    /// A field that names a conversation.
    struct SessionField {
        /// The field's name.
        var name: String
        /// Whether its client sends the whole conversation each time.
        var isResent: Bool
    }

    /// Fields that name users, the first found counts.
    static let userFields = [
        // Open WebUI 0.12 with ENABLE_FORWARD_USER_INFO_HEADERS (utils/headers.py); an id of its database.
        UserField(name: "X-OpenWebUI-User-Id", isSignedElsewhere: true)
    ]

    /// Fields that name conversations, the first found counts. Never ids of requests, traces or retries.
    static let sessionFields = [
        // Open WebUI 0.12 with ENABLE_FORWARD_USER_INFO_HEADERS (utils/headers.py).
        SessionField(name: "X-OpenWebUI-Chat-Id", isResent: true),
        // Claude Code, OpenCode, Copilot CLI, Amp (coder/aibridge clientmeta/session.go).
        SessionField(name: "X-Claude-Code-Session-Id", isResent: true),
        SessionField(name: "X-OpenCode-Session", isResent: true),
        SessionField(name: "X-Session-Affinity", isResent: true),
        SessionField(name: "X-Client-Session-Id", isResent: true),
        SessionField(name: "X-Amp-Thread-Id", isResent: true),
        // Cline (packages/llms/src/providers/request-headers.ts) and Kilo Code.
        SessionField(name: "X-Task-ID", isResent: true),
        SessionField(name: "X-KiloCode-TaskId", isResent: true),
        // LiteLLM's and Helicone's conventions, which any client may follow.
        SessionField(name: "X-LiteLLM-Session-Id", isResent: false),
        SessionField(name: "Helicone-Session-Id", isResent: false),
        // LibreChat's documents name the first as the example of a configured field; both are common.
        SessionField(name: "X-Conversation-Id", isResent: false),
        SessionField(name: "X-Thread-Id", isResent: false),
    ]

    /// Fields of agents that mark work beside the conversation (Codex CLI, codex-rs).
    static let sideTaskFields = ["X-OpenAI-Subagent", "X-OpenAI-Memgen-Request"]

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
