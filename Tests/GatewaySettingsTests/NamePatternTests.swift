import SettingsSchema
import Testing

/// Which names a pattern stands for.
@Suite struct NamePatternTests {
    @Test(
        "a star stands for any characters, everything else for itself, to the end of the name",
        arguments: [
            ("*", ["", "gpt-4", "a/b:c"], []),
            ("gpt-4", ["gpt-4"], ["gpt-4o", "GPT-4", "xgpt-4", ""]),
            ("gpt-*", ["gpt-", "gpt-4"], ["gpt", "xgpt-4"]),
            ("*-mini", ["-mini", "o3-mini"], ["o3-minimal", "mini"]),
            ("a*b*c", ["abc", "a1b2c", "abbc", "abcbc"], ["acb", "ab", "ac", "a1b2cx"]),
            ("a**c", ["ac", "abc"], ["a", "c"]),
            ("ab*ba", ["abba", "abxba"], ["aba", "ab", "ba"]),
            ("*b*b*", ["bb", "xbxbx"], ["b", "xb"]),
        ] as [(String, [String], [String])])
    func patterns(pattern: String, matching: [String], others: [String]) {
        for name in matching { #expect(NamePattern(pattern).matches(name), "\(name)") }
        for name in others { #expect(!NamePattern(pattern).matches(name), "\(name)") }
    }
}
