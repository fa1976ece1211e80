internal import MemoryCore
internal import PluginInterface
internal import SettingsSchema

/// The settings of a policy.
enum PolicySchema {
    static let preset = Setting<String?>.optional(
        "preset", .preset, "The preset whose values hold where the policy says nothing.")

    static let scope = Setting(
        "scope", .choice, default: SessionScope.conversation,
        "What a session is: a conversation of its client, the one a user is in, or the one a room is in.")
    static let idle = Setting(
        "idle", .duration(.milliseconds(1) ... .seconds(10 * 366 * 24 * 3600)), default: .seconds(1800),
        "After how long without activity a session ends.")
    static let history = Setting(
        "history", .choice, default: SessionHistory.auto,
        "Whether clients send the whole conversation or only what is new.")
    static let titles = Setting(
        "titles", .boolean, default: true, "Whether sessions are given titles.")
    static let session = SettingGroup(
        "What a session is.",
        [scope.declaration, idle.declaration, history.declaration, titles.declaration])

    static let maxTokens = Setting<Int?>.optional(
        "maxTokens", .integer(0...100_000_000), "The most tokens that are added to a request.")
    static let placement = Setting(
        "placement", .choice, default: Placement.merge, "Where the standing block goes.")
    static let coldAfter = Setting(
        "coldAfter", .duration(.zero ... .seconds(24 * 3600)), default: .seconds(300),
        "After how long a silence the model server has no cached prompt left to lose.")
    static let context = SettingGroup(
        "What is put into requests.",
        [maxTokens.declaration, placement.declaration, coldAfter.declaration],
        later: [LaterSetting("fold"), LaterSetting("keepRounds"), LaterSetting("continuity")])

    static let deadline = Setting(
        "deadline", .duration(.zero ... .seconds(60)), default: .milliseconds(250),
        "How long the end of a reply waits for the store before it is released unrecorded.")
    static let drainTimeout = Setting(
        "drainTimeout", .duration(.zero ... .seconds(3600)), default: .seconds(30),
        "How long a plain reply is read to its end after its client has gone.")
    static let record = SettingGroup(
        "How exchanges are recorded.", [deadline.declaration, drainTimeout.declaration])

    private static let anyTime = SettingRule.duration(.zero ... .seconds(10 * 366 * 24 * 3600))
    static let messagesKept = Setting(
        "messages", anyTime, default: .zero, "How long messages are kept; 0 is for ever.")
    static let sessionsKept = Setting(
        "sessions", anyTime, default: .zero,
        "How long a session that has ended is kept after its last activity; 0 is for ever.")
    static let exchangesKept = Setting(
        "exchanges", anyTime, default: .seconds(168 * 3600),
        "How long the records that explain exchanges are kept, and finished jobs; 0 is for ever.")
    static let interval = Setting(
        "interval", anyTime, default: .seconds(24 * 3600),
        "How long it is from one clean-up to the next; 0 leaves it to the next start.")
    static let ttl = SettingGroup(
        "How long things are kept.",
        [
            messagesKept.declaration, sessionsKept.declaration, exchangesKept.declaration,
            interval.declaration,
        ])

    static let maxMessages = Setting(
        "maxMessages", .integer(0...100_000_000), default: 0,
        "The most messages of a session; 0 is no limit. Older rounds are summarised and then deleted.")
    static let recorded = SettingGroup("How much is kept of a session.", [maxMessages.declaration])

    static func group(_ plugins: PluginCatalogue) -> SettingGroup {
        SettingGroup(
            "Named bundles of memory settings.",
            [
                preset.declaration, .group("session", session), .group("context", context),
                .group("record", record), .group("ttl", ttl), .group("history", recorded),
                .group("plugins", plugins.settings),
            ],
            later: LaterSettings.policy)
    }
}

extension SettingRule where Value == String {
    /// The name of a preset that there is.
    static var preset: SettingRule {
        .name(among: Preset.all.map(\.name), later: Preset.later, "the preset")
    }
}
