import SettingsSchema

/// The settings under `models`: which ones work for the memory itself.
enum ModelsSchema {
    static let upstream = Setting<String?>.optional(
        "upstream", .plainName, "The upstream that is asked, by its name; else the session's own.")
    static let model = Setting(
        "model", .modelName, default: "auto",
        "The model that is asked; `auto` for the one that the session used last.")
    static let maxTokens = Setting<Int?>.optional(
        "maxTokens", .integer(16...100_000),
        "The most tokens of an answer (`max_tokens`); models that reason need more than the usual.")
    static let timeout = Setting(
        "timeout", .duration(.milliseconds(1) ... .seconds(24 * 3600)), default: .seconds(120),
        "How long an answer may take.")
    static let tokensPerDay = Setting(
        "tokensPerDay", .integer(0...1_000_000_000_000), default: 0,
        "How many tokens such calls may use in a day, counted in UTC; 0 for no bound.")
    static let yield = Setting<Bool?>.optional(
        "yield", .boolean,
        "Whether such calls wait for quiet and make way for chats; else only at local upstreams.")

    static let summary = use("Summaries of sessions.")
    static let title = use("Titles of sessions; what is not said here is as for summaries.")

    static let group = SettingGroup(
        "Models that work for the memory itself, with the upstream's own key.",
        [.group("summary", summary), .group("title", title)],
        later: [LaterSetting("topic"), LaterSetting("entities")])

    private static func use(_ sentence: String) -> SettingGroup {
        SettingGroup(
            sentence,
            [
                upstream.declaration, model.declaration, maxTokens.declaration, timeout.declaration,
                tokensPerDay.declaration, yield.declaration,
            ])
    }
}

extension SettingRule where Value == String {
    /// The name of a model, or `auto`.
    fileprivate static var modelName: SettingRule {
        .string("a model's name, or auto") { text throws(SettingRefusal) in
            guard (1...256).contains(text.utf8.count) else {
                throw SettingRefusal(mend: "Write a name, or remove the setting.")
            }
        }
    }
}
