internal import SettingsSchema

/// A policy that comes with memgate: values as a file would hold them, and the plugins that they need.
struct Preset {
    let name: String
    let values: SettingValue
    let plugins: [String]

    /// Every preset of this version; each is a policy of its name without being declared.
    static let all = [
        Preset(name: "default", values: .object([]), plugins: []),
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
    static let later = ["companion", "assistant", "group", "topic", "service", "service-debug"]

    static func named(_ name: String?) -> Preset? { all.first { $0.name == name } }
}
