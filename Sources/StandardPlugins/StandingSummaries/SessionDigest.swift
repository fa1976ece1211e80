internal import MemoryCore
internal import PluginInterface

/// A line for each session that ended today or yesterday and is not told of at length, with its date.
struct SessionDigest {
    /// The most sessions that are looked at.
    static let mostSessions = 100
    private static let maxTokens = 300
    /// Characters of a line behind its date.
    private static let lineCharacters = 120

    /// The newest lines that fit, oldest first.
    func lines(
        _ newestFirst: ArraySlice<SessionSummary>, _ services: PluginServices
    ) throws -> StandingText {
        let yesterday = services.time.day(of: services.now) - 1
        let recent = newestFirst.prefix { services.time.day(of: $0.createdAt) >= yesterday }
        let lines = try recent.map { summary in
            let title = try services.memory.title(of: summary.session) ?? ""
            return "- " + services.time.text(of: summary.createdAt) + ": "
                + Self.cut(title.isEmpty ? summary.text : title)
        }
        // A line more than its text: what joins them counts too.
        let told = StandingSummaries.fitting(lines.map { $0 + "\n" }, in: Self.maxTokens).count
        var text = StandingText(
            lines.prefix(told).reversed().joined(separator: "\n"), items: told,
            of: recent.prefix(told).reversed().map {
                SummaryPlace(session: $0.session.name, number: $0.number)
            })
        text.becomeDigest()
        return text
    }

    /// The beginning of a text on one line.
    private static func cut(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > lineCharacters ? line.prefix(lineCharacters - 1) + "…" : line
    }
}
