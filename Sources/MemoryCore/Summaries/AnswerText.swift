/// Takes off what a model wrapped around an answer: reasoning, tokens of its template, code fences, quotes.
enum AnswerText {
    /// In bytes: an answer that was to have a few hundred tokens is looked at no further.
    private static let longest = 1 << 17
    private static let reasoning = ["think", "thinking", "reasoning", "thought"]

    /// A text without white space at its ends.
    static func trimmed(_ text: String) -> String {
        var text = text[...].drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// A text without the reasoning that it begins with; empty where that never ends.
    static func withoutReasoning(_ text: String) -> String {
        var rest = text[...]
        for tag in reasoning {
            let begun = rest.drop(while: \.isWhitespace)
            guard begun.hasPrefix("<\(tag)>") else { continue }
            guard let end = begun.firstRange(of: "</\(tag)>") else { return "" }
            rest = begun[end.upperBound...]
        }
        return rest.startIndex == text.startIndex ? text : trimmed(String(rest))
    }

    /// An answer by itself.
    static func bare(_ answer: String) -> String {
        var text = withoutReasoning(answer)
        if text.utf8.count > longest {
            text = String(text[..<text.utf8.index(text.startIndex, offsetBy: longest)])
        }
        // Some templates open the reasoning in the prompt: then only its end is in the answer.
        for tag in reasoning {
            if let end = text.ranges(of: "</\(tag)>").last { text = String(text[end.upperBound...]) }
        }
        text = trimmed(withoutSpecialTokens(text))
        for _ in 0..<4 {
            let inner = trimmed(unquoted(unfenced(withoutTags(text))))
            guard inner != text else { break }
            text = inner
        }
        return text
    }

    /// `<|im_end|>` and the like, at the ends only: within a text they may be what it is about.
    private static func withoutSpecialTokens(_ text: String) -> String {
        var text = trimmed(text)
        while text.hasSuffix("|>"), let start = text.ranges(of: "<|").last,
            text[start.upperBound...].utf8.count <= 40
        {
            text = trimmed(String(text[..<start.lowerBound]))
        }
        for token in ["</s>", "<eos>", "<end_of_turn>"] where text.hasSuffix(token) {
            text = trimmed(String(text.dropLast(token.count)))
        }
        return text
    }

    /// `<summary>…</summary>`.
    private static func withoutTags(_ text: String) -> String {
        for tag in ["summary", "title", "answer", "output"] {
            let (opening, closing) = ("<\(tag)>", "</\(tag)>")
            guard text.hasPrefix(opening) else { continue }
            let inner = text.dropFirst(opening.count)
            return String(inner.hasSuffix(closing) ? inner.dropLast(closing.count) : inner)
        }
        return text
    }

    private static func unfenced(_ text: String) -> String {
        guard text.hasPrefix("```") else { return text }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[1...]
        if lines.isEmpty { return text.split(separator: "`").joined() }
        if let last = lines.last, trimmed(String(last)) == "```" { lines.removeLast() }
        let hasMore = lines.contains { $0.hasPrefix("```") }
        return hasMore ? text : lines.joined(separator: "\n")
    }

    /// A text without the quotes around the whole of it.
    static func unquoted(_ text: String) -> String {
        for (opening, closing) in quotes where text.count >= 2 {
            guard text.first == opening, text.last == closing else { continue }
            let inner = text.dropFirst().dropLast()
            if !inner.contains(closing) { return String(inner) }
        }
        return text
    }

    private static let quotes: [(Character, Character)] = [
        ("\"", "\""), ("'", "'"), ("“", "”"), ("‘", "’"), ("„", "“"), ("«", "»"), ("「", "」"), ("『", "』"),
        ("`", "`"), ("”", "”"), ("《", "》"),
    ]
}
