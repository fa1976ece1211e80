extension SourceRule {
    /// The outer ends of what a reader has to hold in mind at once.
    static let lengths = [
        SourceRule(
            "A file ends at 500 lines, in tests at 600",
            breaking: [
                Example("Sources/A/A.swift", String(repeating: "let a = 1\n", count: 501)),
                Example("Tests/ATests/A.swift", String(repeating: "let a = 1\n", count: 601)),
            ],
            harmless: [
                Example("Sources/A/A.swift", String(repeating: "let a = 1\n", count: 500)),
                Example("Tests/ATests/A.swift", String(repeating: "let a = 1\n", count: 600)),
            ]
        ) { source in
            let count = source.lines.count - (source.lines.last?.isEmpty == true ? 1 : 0)
            let limit = source.isProduct ? 500 : 600
            return count > limit ? [Finding(path: source.path, line: count, words: "\(count) lines")] : []
        },
        SourceRule(
            "A line ends at 110 characters",
            breaking: [Example("Sources/A/A.swift", "// \(String(repeating: "a", count: 108))")],
            harmless: [Example("Sources/A/A.swift", "// \(String(repeating: "界", count: 107))")]
        ) { source in
            // Fixture texts and golden lines are longer; the formatter does not break strings either.
            let texts = linesOfTexts(source)
            return source.lines.enumerated().compactMap { index, line in
                guard line.count > 110, !texts.contains(index + 1) else { return nil }
                return Finding(path: source.path, line: index + 1, words: "\(line.count) characters")
            }
        },
        SourceRule(
            "A function ends at 70 lines",
            breaking: [
                Example("Sources/A/A.swift", "func a() {\n\(String(repeating: "b()\n", count: 69))}"),
                Example(
                    "Sources/A/A.swift", "init(\n  a: Int\n) {\n\(String(repeating: "b { }\n", count: 67))}"),
                Example("Sources/A/A.swift", "var a: Int {\n\(String(repeating: "b()\n", count: 69))}"),
            ],
            harmless: [
                Example("Sources/A/A.swift", "func a() {\n\(String(repeating: "b()\n", count: 68))}"),
                Example("Sources/A/A.swift", "protocol A {\n\(String(repeating: "func b()\n", count: 80))}"),
                Example(
                    "Sources/A/A.swift",
                    "protocol A {\nvar a: Int { get }\n}\nenum B {\n\(String(repeating: "case c\n", count: 80))}"
                ),
            ]
        ) { source in
            Functions.all(in: source.tokens).filter { $0.lines > 70 }.map {
                Finding(path: source.path, line: $0.line, words: "\($0.name) has \($0.lines) lines")
            }
        },
    ]

    /// Lines of a test that hold part of a string literal.
    private static func linesOfTexts(_ source: SwiftSource) -> Set<Int> {
        guard !source.isProduct else { return [] }
        var lines: Set<Int> = []
        for token in source.tokens where token.kind == .text {
            lines.formUnion(token.line...(token.line + token.text.count { $0 == "\n" }))
        }
        return lines
    }
}

/// The functions of a file and how long they are.
enum Functions {
    /// One function, initialiser or computed property with a body.
    struct Function {
        let name: String
        let line: Int
        let lines: Int
    }

    private static let openers: Set<String> = ["func", "init", "deinit", "subscript", "var"]

    /// All of them, nested ones too.
    static func all(in tokens: [Token]) -> [Function] {
        tokens.indices.compactMap { index in
            guard openers.contains(tokens[index].text), tokens[index].kind == .word,
                isDeclaration(tokens, index),
                let opening = body(tokens, from: index), let end = closing(tokens, of: opening)
            else { return nil }
            let name = index + 1 < tokens.count ? tokens[index + 1].text : ""
            let start = tokens[index].line
            return Function(
                name: "\(tokens[index].text) \(name)", line: start, lines: tokens[end].line - start + 1)
        }
    }

    /// `self.init(…)`, `.init(…)` and a parameter called `init` are calls.
    private static func isDeclaration(_ tokens: [Token], _ index: Int) -> Bool {
        index == 0 || !tokens[index - 1].isMark(".")
    }

    /// The brace that opens the body; nil for a requirement or a stored property.
    private static func body(_ tokens: [Token], from index: Int) -> Int? {
        var depth = 0
        for place in tokens.indices.dropFirst(index + 1) {
            let token = tokens[place]
            if token.isMark("(") || token.isMark("[") { depth += 1 }
            if token.isMark(")") || token.isMark("]") { depth -= 1 }
            guard depth <= 0 else { continue }
            if token.isMark("{") { return place }
            let endsBefore =
                token.isMark("}") || token.isMark("=") && tokens[index].text == "var" || depth < 0
            if endsBefore || token.isFirstOnLine && begins(token) { return nil }
        }
        return nil
    }

    /// Whether a token at a line's beginning begins another declaration or statement.
    private static func begins(_ token: Token) -> Bool {
        guard token.kind == .word else { return false }
        return !["throws", "async", "where", "rethrows", "borrowing", "consuming"].contains(token.text)
    }

    private static func closing(_ tokens: [Token], of opening: Int) -> Int? {
        var depth = 0
        for place in tokens.indices.dropFirst(opening) {
            if tokens[place].isMark("{") { depth += 1 }
            if tokens[place].isMark("}") { depth -= 1 }
            if depth == 0 { return place }
        }
        return nil
    }
}
