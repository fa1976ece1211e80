internal import SettingsSchema

/// A policy that comes with memgate: values as a file would hold them, and the plugins that they need.
struct Preset {
    let name: String
    let values: SettingValue
    let plugins: [String]

    /// Every preset of this version; each is a policy of its name without being declared.
    static let all = [
        Preset(name: "default", values: .object([]), plugins: []),
        // A personal assistant: one session at a time, and what the day and the one before it brought.
        Preset(
            name: "companion",
            values: .object([
                .init("session", .object([.init("scope", .string("user"))])),
                .init(
                    "plugins",
                    .object([.init("standing-summaries", .object([.init("digest", .boolean(true))]))])),
            ]),
            plugins: ["standing-summaries"]),
        // A plain buffer of tokens, or three quarters of the model's window less what else is in it.
        Preset(
            name: "buffer",
            values: .object([
                .init(
                    "plugins",
                    .object([.init("recent-window", .object([.init("maxTokens", .number("3000"))]))]))
            ]),
            plugins: ["recent-window"]),
    ]

    /// Presets of plugins that are not built.
    static let later = ["assistant", "group", "topic", "service", "service-debug"]

    static func named(_ name: String?) -> Preset? { all.first { $0.name == name } }
}
