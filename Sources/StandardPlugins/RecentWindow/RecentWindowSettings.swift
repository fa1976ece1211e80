internal import MemoryCore
internal import SettingsSchema

/// The settings of `recent-window`.
enum RecentWindowSettings {
    static let rounds = Setting(
        "rounds", .integer(0...100_000), default: 0,
        "The most rounds, sliding with every request; 0 for as many as the tokens allow.")
    static let messages = Setting(
        "messages", .integer(0...1_000_000), default: 0,
        "The most messages, in whole turns, sliding with every request; 0 for no bound.")
    static let maxTokens = Setting(
        "maxTokens", .integer(0...100_000_000), default: 0, "The most tokens; 0 for what the budget allows.")
    static let keepTokens = Setting(
        "keepTokens", .integer(0...100_000_000), default: 0,
        "To how many tokens a step cuts the window; 0 for half of what it finds.")

    static let group = SettingGroup(
        "How much of the session itself goes in front of what the client sends.",
        [rounds.declaration, messages.declaration, maxTokens.declaration, keepTokens.declaration])

    static func bounds(_ reader: SettingsReader) -> WindowBounds {
        WindowBounds(
            rounds: reader.value(rounds), messages: reader.value(messages), tokens: reader.value(maxTokens),
            keepTokens: reader.value(keepTokens))
    }
}
