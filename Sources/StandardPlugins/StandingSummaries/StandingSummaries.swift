internal import MemoryCore
internal import PluginInterface
internal import SettingsSchema

/// Tells a session what the owner's earlier ones were about: their end summaries, newest last.
///
/// Only for named people, and in rooms only the room's own: who shares a gateway without a name must not read
/// each other.
struct StandingSummaries: StandingHook {
    static let declaration = PluginDeclaration("standing-summaries", StandingSummariesSettings.group)

    private let sessions: Int
    private let maxTokens: Int

    init(_ settings: SettingsReader) {
        sessions = settings.value(StandingSummariesSettings.sessions)
        maxTokens = settings.value(StandingSummariesSettings.maxTokens)
        // Only one value of each passes, so there is nothing to keep.
        _ = settings.value(StandingSummariesSettings.digest)
        _ = settings.value(StandingSummariesSettings.scope)
    }

    func standing(_ request: RequestView, _ services: PluginServices) throws -> StandingText {
        guard request.isOwnerNamed || request.isChat, sessions > 0 else { return .none }
        let newestFirst = try services.memory.endSummaries(sessions)
        let told = Self.fitting(newestFirst.map(\.text), in: maxTokens)
        return StandingText(
            told.reversed().joined(separator: "\n\n"), items: told.count,
            of: newestFirst.prefix(told.count).reversed().map {
                SummaryPlace(session: $0.session.name, number: $0.number)
            })
    }

    /// The newest texts that fit together.
    static func fitting(_ newestFirst: [String], in tokens: Int) -> [String] {
        var left = tokens
        return Array(
            newestFirst.prefix { text in
                left -= TokenEstimate.tokens(ofText: text)
                return left >= 0
            })
    }
}
