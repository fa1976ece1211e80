import MemoryCore
import RepeatableRandom
import Testing

@Suite("Titles of sessions")
struct SessionTitleTests {
    static let answers: [(String, String)] = [
        ("Moving to Rome", "Moving to Rome"), ("  Moving to Rome \n", "Moving to Rome"),
        ("\"Moving to Rome\"", "Moving to Rome"), ("“Moving to Rome”", "Moving to Rome"),
        ("Title: Moving to Rome", "Moving to Rome"), ("**Title:** Moving to Rome", "Moving to Rome"),
        ("**Moving to Rome**", "Moving to Rome"), ("# Moving to Rome", "Moving to Rome"),
        ("Title: \"Moving to Rome\"", "Moving to Rome"), ("- Moving to Rome", "Moving to Rome"),
        ("`Moving to Rome`", "Moving to Rome"), ("```\nMoving to Rome\n```", "Moving to Rome"),
        ("\n\nMoving to Rome\nIt is about moving.", "Moving to Rome"), ("Moving to Rome.", "Moving to Rome"),
        ("<think>Rome?</think>\nMoving to Rome", "Moving to Rome"), ("标题：搬到罗马。", "搬到罗马"),
        ("《搬到罗马》", "搬到罗马"), ("タイトル：「ローマへの引っ越し」", "ローマへの引っ越し"), ("Titre : Vivre à Rome", "Vivre à Rome"),
        (#"{"title": "Moving to Rome"}"#, "Moving to Rome"),
        ("```json\n{\"title\": \"Moving to Rome\"}\n```", "Moving to Rome"),
        ("Moving\tto   Rome", "Moving to Rome"),
        ("Mov\u{0}ing to\u{202E} Rome\u{7}", "Moving to Rome"), ("Rome: a plan", "Rome: a plan"),
        ("What is 3.5 + 2?", "What is 3.5 + 2?"), ("At 3 a.m.", "At 3 a.m."), ("Wait...", "Wait..."),
        ("🏛️ Rome 👩‍👩‍👧", "🏛️ Rome 👩‍👩‍👧"), ("🎉", "🎉"), ("\"Rome\" or \"Oslo\"", "\"Rome\" or \"Oslo\""),
        ("<|im_start|>", "<|im_start|>"), ("C# or F#", "C# or F#"), ("snake_case_", "snake_case_"),
    ]

    @Test("What stands around a title is taken off", arguments: answers)
    func cleaned(answer: String, title: String) {
        #expect(SessionTitle.cleaned(answer) == (title == "<|im_start|>" ? nil : title))
    }

    @Test(
        "Nothing is no title",
        arguments: ["", " \n ", "\"\"", "**", "...", "\u{0}\u{1}", "<think>Rome", "```\n```"])
    func nothing(answer: String) {
        #expect(SessionTitle.cleaned(answer) == nil)
    }

    @Test("60 characters stay, more are cut behind a word")
    func lengths() {
        let sixty = String(repeating: "a", count: 60)
        #expect(SessionTitle.cleaned(sixty) == sixty)
        #expect(SessionTitle.cleaned(sixty + "a") == String(repeating: "a", count: 59) + "…")
        let words = "The user asks about " + String(repeating: "word ", count: 12)
        #expect(SessionTitle.cleaned(words) == "The user asks about word word word word word word word word…")
        let families = String(repeating: "👩‍👩‍👧", count: 61)
        #expect(
            SessionTitle.cleaned(families).map { $0.count <= 60 && $0.dropLast().allSatisfy { $0 == "👩‍👩‍👧" } }
                == true)
        let accents = String(repeating: "e\u{301}", count: 70)
        #expect(SessionTitle.cleaned(accents) == String(repeating: "e\u{301}", count: 59) + "…")
        let han = String(repeating: "罗", count: 61)
        #expect(SessionTitle.cleaned(han) == String(repeating: "罗", count: 59) + "…")
    }

    @Test("A letter with marks without end is no way around the bound")
    func marks() throws {
        let title = try #require(
            SessionTitle.cleaned("Rome a" + String(repeating: "\u{301}", count: 9_000) + " b"))
        #expect(title.unicodeScalars.count <= 240)
        #expect(title.hasPrefix("Rome"))
    }

    static let questions: [(String, String)] = [
        ("How do I get to Rome?", "How do I get to Rome?"), ("\n \n  Rome?\nOr Oslo?", "Rome?"), ("", ""),
        (" \n\t", ""), (String(repeating: "a", count: 40), String(repeating: "a", count: 40)),
        (String(repeating: "a", count: 41), String(repeating: "a", count: 39) + "…"),
        (String(repeating: "a", count: 38) + " bcd", String(repeating: "a", count: 38) + "…"),
        ("a\u{0}b\t c", "ab c"), (String(repeating: "👍🏽", count: 41), String(repeating: "👍🏽", count: 39) + "…"),
        ("```\nlet a = 1\n```", "let a = 1"), ("> quoted", "> quoted"),
    ]

    @Test("A first line stands in for a title", arguments: questions)
    func firstLine(question: String, line: String) {
        #expect(SessionTitle.firstLine(of: question) == line)
    }

    @Test(
        "No bound is exceeded, no control character stays, and a title is its own title", arguments: 0..<100)
    func random(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let text = random.text(upTo: 60)
        let line = SessionTitle.firstLine(of: text)
        #expect(line.count <= 40)
        if let title = SessionTitle.cleaned(text) {
            #expect(title.count <= 60 && !title.isEmpty)
            #expect(!title.contains { $0.isNewline })
            #expect(title.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        }
    }
}
