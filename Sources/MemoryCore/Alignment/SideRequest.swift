internal import ChatWire
internal import JSONBytes

/// Requests that are no conversation, known by the words their clients put into them: titles, tags,
/// follow-ups, search queries. One table; a request has to show every sign of a row, so that a person who
/// asks for a title is not taken for a program.
public enum SideRequest {
    /// Of the table below; raised when a row changes.
    public static let version = 1

    /// One kind of side request.
    struct Template: Sendable {
        /// Client and task, for the log.
        var name: String
        /// How the last user message begins.
        var beginning: String
        /// What it holds besides, all of it.
        var signs: [String]
    }

    /// Written from the prompts of Open WebUI 0.12 (config.py) and LibreChat's agents (src/utils/title.ts).
    static let templates = [
        // Open WebUI's document template begins alike and is a real turn: it holds no chat history.
        Template(
            name: "open-webui title", beginning: "### Task:", signs: ["<chat_history>", #""title""#]),
        Template(name: "open-webui tags", beginning: "### Task:", signs: ["<chat_history>", #""tags""#]),
        Template(
            name: "open-webui follow-ups", beginning: "### Task:",
            signs: ["<chat_history>", #""follow_ups""#]),
        Template(
            name: "open-webui queries", beginning: "### Task:", signs: ["<chat_history>", #""queries""#]),
        Template(
            name: "open-webui image prompt", beginning: "### Task:",
            signs: ["<chat_history>", #""prompt""#, "image"]),
        Template(
            name: "open-webui autocompletion", beginning: "### Task:",
            signs: ["autocompletion system", #""text""#]),
        Template(
            name: "open-webui emoji", beginning: "Your task is to reflect the speaker's likely facial",
            signs: ["fitting emoji"]),
        Template(
            name: "open-webui merge",
            beginning: "You have been provided with a set of responses from various",
            signs: ["models", "synthesize"]),
        Template(
            name: "librechat title", beginning: "Provide a concise, 5-word-or-less title",
            signs: ["title case", "Only return the title itself"]),
        Template(
            name: "librechat title", beginning: "Analyze this conversation and provide:",
            signs: ["detected language", "title"]),
        Template(
            name: "librechat title", beginning: "Please generate a concise, 5-word-or-less title",
            signs: ["title case"]),
    ]

    /// The kind of side request that a request is, nil for conversation. What holds replies or many messages
    /// is conversation.
    public static func kind(of request: RequestOutline) -> String? {
        guard request.messages.count <= 3, let last = request.messages.last, last.role == .user,
            !request.messages.contains(where: { $0.role == .assistant || $0.role == .tool })
        else { return nil }
        let text = MessageText.bytes(of: last.body)
        let candidates = templates.filter { text.starts(with: $0.beginning.utf8) }
        guard !candidates.isEmpty else { return nil }
        return candidates.first { template in
            template.signs.allSatisfy { ByteSearch.range(of: Array($0.utf8), in: text) != nil }
        }?.name
    }
}
