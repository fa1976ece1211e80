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
    private let digest: SessionDigest?

    init(_ settings: SettingsReader) {
        sessions = settings.value(StandingSummariesSettings.sessions)
        maxTokens = settings.value(StandingSummariesSettings.maxTokens)
        digest = settings.value(StandingSummariesSettings.digest) ? SessionDigest() : nil
        // Only one value passes, so there is nothing to keep.
        _ = settings.value(StandingSummariesSettings.scope)
    }

    /// With a digest each day has a text of its own.
    func edition(at now: Timestamp, _ time: LocalTime) -> Int64 { digest == nil ? 0 : time.day(of: now) }

    func standing(_ request: RequestView, _ services: PluginServices) throws -> StandingText {
        guard request.isOwnerNamed || request.isChat else { return .none }
        let others = digest == nil ? 0 : SessionDigest.mostSessions
        guard sessions + others > 0 else { return .none }
        let newestFirst = try services.memory.endSummaries(sessions + others)
        let told = Self.fitting(newestFirst.prefix(sessions).map(\.text), in: maxTokens)
        let summaries = StandingText(
            told.reversed().joined(separator: "\n\n"), items: told.count,
            of: newestFirst.prefix(told.count).reversed().map {
                SummaryPlace(session: $0.session.name, number: $0.number)
            })
        let rest = newestFirst.dropFirst(told.count)
        return StandingText(summaries.parts + (try digest?.lines(rest, services).parts ?? []))
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
