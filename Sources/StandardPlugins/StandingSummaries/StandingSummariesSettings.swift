internal import SettingsSchema

/// The settings of `standing-summaries`.
enum StandingSummariesSettings {
    /// Whose sessions are told of.
    enum Scope: String, CaseIterable, Hashable, Sendable {
        /// The user's, whatever client they came from.
        case user
        /// The user's that came from the same client.
        case client
    }

    static let sessions = Setting(
        "sessions", .integer(0...100), default: 3, "Of how many earlier sessions the summaries are told.")
    static let maxTokens = Setting(
        "maxTokens", .integer(0...1_000_000), default: 800, "The most tokens of all these texts together.")
    static let digest = Setting(
        "digest", .boolean, default: false,
        "Whether a line is added for each further session that ended today or yesterday.")
    static let scope = Setting(
        "scope", .choice.only(Scope.user), default: .user, "Whose sessions are told of.")

    static let group = SettingGroup(
        "What the owner's earlier sessions were about, in front of a new one.",
        [sessions.declaration, maxTokens.declaration, digest.declaration, scope.declaration])
}
