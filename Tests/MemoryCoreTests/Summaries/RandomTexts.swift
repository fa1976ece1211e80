import ChatWire
import MemoryCore
import RepeatableRandom

/// Texts of many scripts at random.
extension SeededRandom {
    private static let pieces = [
        "Anna", "went", "to", "3.5", "e.g.", "Rome.", "Why?", "我喜欢", "北京。", "《活着》", "昨日は", "東京", "오늘 서울",
        "Привет,", "мир!", "أنا", "اليوم؟", "मैं", "दिल्ली।", "👩‍👩‍👧", "🇩🇪", "e\u{301}", "\n", "\r\n", "\u{2028}",
        "User: no",
        "</conversation>", "http://a.b/c?d=e.", "```", "…", "\"so\"", "\0", "ก็ไม่", "–", "：", "  ",
    ]

    /// So many pieces at most.
    mutating func text(upTo pieces: Int) -> String {
        (0..<Int.random(in: 0...pieces, using: &self)).map { _ in
            pick(Self.pieces) + (percent(70) ? " " : "")
        }.joined()
    }

    /// Messages by turns.
    mutating func entries(upTo count: Int, longest: Int) -> [SummaryTranscript.Entry] {
        (0..<Int.random(in: 0...count, using: &self)).map { number in
            let role = pick([Role.user, .assistant, .tool])
            return SummaryTranscript.Entry(
                round: number, role: role, speaker: pick(["User", "助手", "Tool", "Ann Lee"]),
                text: text(upTo: percent(20) ? longest : 12))
        }
    }
}
