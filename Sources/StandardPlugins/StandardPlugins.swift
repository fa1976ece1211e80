public import PluginInterface

extension PluginCatalogue {
    /// Every plugin that comes with memgate: the only list of them.
    public static let standard = PluginCatalogue(
        [StandingSummaries.self, RecentWindow.self],
        defaultChain: [StandingSummaries.name, RecentWindow.name],
        usualOrder: [
            "usage-budget", "chat-commands", "debounce", "speaker-labels", "redaction", "dialogue-state",
            "entities", "standing-summaries", "topic-summaries", "message-recall", "recent-window",
        ])
}
