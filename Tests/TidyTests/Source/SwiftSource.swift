/// A Swift file, read for rules.
struct SwiftSource: Sendable {
    /// From the repository's root.
    let path: String
    let lines: [Substring]
    let tokens: [Token]
    let comments: [Comment]

    init(_ path: String, _ text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let lexer = Lexer(text)
        tokens = lexer.tokens
        comments = lexer.comments
    }

    /// The target that the file belongs to, by its folder: `Sources/<target>/…`, `Tests/<target>/…` or
    /// `Tests/Benchmarks/<target>/…`.
    var target: String {
        let steps = path.split(separator: "/")
        guard steps.count > 2 else { return "" }
        return String(steps[1] == "Benchmarks" && steps.count > 3 ? steps[2] : steps[1])
    }

    /// Whether it is part of the product.
    var isProduct: Bool { path.hasPrefix("Sources/") }

    /// The modules it imports, with their lines.
    var imports: [(module: String, line: Int)] {
        tokens.indices.compactMap { index in
            guard tokens[index].isWord("import"), index == 0 || !tokens[index - 1].isMark(".") else {
                return nil
            }
            let kinds: Set<String> = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
            ]
            let rest = tokens[(index + 1)...].drop { kinds.contains($0.text) }
            guard let module = rest.first, module.kind == .word else { return nil }
            return (module.text, tokens[index].line)
        }
    }

    /// Whether a comment stands on a line or next to it.
    func hasComment(near line: Int) -> Bool {
        comments.contains { abs($0.line - line) <= 1 }
    }
}

/// Something that breaks a rule.
struct Finding: Hashable, CustomStringConvertible {
    let path: String
    let line: Int
    let words: String

    var description: String { "\(path):\(line): \(words)" }
}
