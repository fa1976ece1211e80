/// A summary without a model: the sentences that tell most, word for word, in their order, each line with its
/// speaker. The same input gives the same text, whatever the language.
public struct ExtractiveSummary: Hashable, Sendable {
    /// What it says; empty where there is nothing to tell, or no room.
    public let text: String

    /// A summary.
    ///
    /// - Parameters:
    ///   - previous: the summary it goes on from: it stands in front, in full where there is room, else by
    ///     its best sentences in half of the room.
    ///   - tokens: that its text may have, as `TokenEstimate` counts.
    public init(_ transcript: SummaryTranscript, previous: String? = nil, tokens: Int) {
        let room = max(tokens, 0) * 4
        let new = SentencePick(transcript.entries, speakers: transcript.speakers)
        let old = SentencePick(Self.lines(of: previous ?? "", transcript), speakers: transcript.speakers)
        guard !old.isEmpty else {
            text = new.text(quarters: room)
            return
        }
        let front = Self.front(previous ?? "", old, new, room)
        let left = room - TextCut.quarters(of: front) - 1
        let rest = left > 0 ? new.text(quarters: left) : ""
        text = [front, rest].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The earlier summary, with the room that the new sentences leave, half of it at least.
    private static func front(
        _ previous: String, _ old: SentencePick, _ new: SentencePick, _ room: Int
    ) -> String {
        let share = max(room / 2, room - new.quarters - 1)
        let whole = AnswerText.trimmed(previous)
        return TextCut.quarters(of: whole) <= share ? whole : old.text(quarters: share)
    }

    /// The lines of an earlier summary as messages: a speaker's name at their start tells whose they are.
    private static func lines(
        of previous: String, _ transcript: SummaryTranscript
    ) -> [SummaryTranscript.Entry] {
        let roles = Dictionary(transcript.entries.map { ($0.speaker, $0.role) }) { first, _ in first }
        return previous.split(whereSeparator: \.isNewline).map { line in
            let parts = line.split(separator: ": ", maxSplits: 1)
            if parts.count == 2, let role = roles[String(parts[0])] {
                return SummaryTranscript.Entry(
                    round: 0, role: role, speaker: String(parts[0]), text: String(parts[1]))
            }
            return SummaryTranscript.Entry(line: line)
        }
    }
}
