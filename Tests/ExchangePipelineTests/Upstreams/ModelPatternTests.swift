import ExchangePipeline
import Testing

/// Which models a pattern stands for, and where a path leads.
@Suite struct ModelPatternTests {
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
        for name in matching { #expect(ModelPattern(pattern).matches(name), "\(name)") }
        for name in others { #expect(!ModelPattern(pattern).matches(name), "\(name)") }
    }

    @Test("OpenAI's own paths stand behind the base, others behind the base without its version")
    func paths() {
        #expect(UpstreamPath.versioned("/models?a=1").target(below: "/v1") == "/v1/models?a=1")
        #expect(UpstreamPath.versioned("/models").target(below: "/openai/v1") == "/openai/v1/models")
        #expect(UpstreamPath.versioned("/models").target(below: "") == "/models")
        #expect(UpstreamPath.versioned("").target(below: "") == "/")
        #expect(UpstreamPath.plain("/api/tags").target(below: "/v1") == "/api/tags")
        #expect(UpstreamPath.plain("/health").target(below: "/openai/v1") == "/openai/health")
        #expect(UpstreamPath.plain("/").target(below: "/base") == "/base/")
    }
}
