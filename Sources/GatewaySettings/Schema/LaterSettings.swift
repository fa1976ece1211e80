import SettingsSchema

/// What the settings promise and this version does not have: the one place to take a name out of when it is
/// built.
///
/// Single values are held back at their declarations by `only(_:)`: `tenancy` and `http2`.
enum LaterSettings {
    static let top = [
        LaterSetting("models", members: ["summary", "title", "topic", "entities"]),
        // An empty chain is not the default chain, so even `[]` asks for something.
        LaterSetting("plugins"),
    ]

    static let gateway = [
        LaterSetting("timeZone"),
        LaterSetting("language"),
    ]

    static let upstream = [
        LaterSetting("contextTokens", harmless: .emptyObject)
    ]

    static let policy = [
        LaterSetting("preset"),
        LaterSetting("session", members: ["scope", "idle", "history", "titles"]),
        LaterSetting(
            "context", members: ["maxTokens", "placement", "fold", "keepRounds", "continuity", "coldAfter"]),
        LaterSetting("ttl", members: ["messages", "sessions", "exchanges", "interval"]),
        LaterSetting("history", members: ["maxMessages"]),
        LaterSetting("media", members: ["keepLast"]),
        LaterSetting("plugins", harmless: .emptyObject),
    ]

    /// The names of the policies there may be.
    static let policyNames = ["default"]
}
