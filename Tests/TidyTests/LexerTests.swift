import Testing

@Suite("What the rules take for code")
struct LexerTests {
    private func words(_ code: String) -> [String] {
        Lexer(code).tokens.filter { $0.kind == .word }.map(\.text)
    }

    @Test func `Comments are no code, nested ones neither`() {
        #expect(words("a // b\nc /* d /* e */ f */ g") == ["a", "c", "g"])
    }

    @Test func `Strings are no code: plain, raw, long, with quotes and interpolations`() {
        #expect(words(#"a "b" c"#) == ["a", "c"])
        #expect(words(#"a "b \" c" d"#) == ["a", "d"])
        #expect(words(#"a "b \(c("d")) e" f"#) == ["a", "f"])
        #expect(words("a #\"b \" c\"# d") == ["a", "d"])
        #expect(words("a \"\"\"\nb \" c\n\"\"\" d") == ["a", "d"])
    }

    @Test func `Lines are counted through comments and strings`() {
        let tokens = Lexer("a\n/* \n */ b\n\"\"\"\nc\n\"\"\"\nd").tokens
        #expect(tokens.filter { $0.kind == .word }.map(\.line) == [1, 3, 7])
    }

    @Test func `Quoted names are one word`() {
        #expect(words("func `a b c`() {}") == ["func", "`a b c`"])
    }
}
