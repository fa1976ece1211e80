/// Cuts texts to an estimated number of tokens, never within what a reader takes for one character.
///
/// Costs are in quarters of a token, as `TokenEstimate` counts: those of parts add up.
enum TextCut {
    /// Stands where something was cut.
    static let mark = "…"

    /// The quarters of a text.
    static func quarters(of text: some StringProtocol) -> Int {
        TokenEstimate.quarters(of: String(text).utf8Span.span)
    }

    /// The longest beginning that costs no more.
    static func beginning(of text: Substring, quarters: Int) -> Substring {
        var left = quarters
        var end = text.startIndex
        while end < text.endIndex {
            left -= Self.quarters(ofCharacter: text[end])
            guard left >= 0 else { break }
            end = text.index(after: end)
        }
        return text[..<end]
    }

    /// The longest end that costs no more.
    static func end(of text: Substring, quarters: Int) -> Substring {
        var left = quarters
        var start = text.endIndex
        while start > text.startIndex {
            let previous = text.index(before: start)
            left -= Self.quarters(ofCharacter: text[previous])
            guard left >= 0 else { break }
            start = previous
        }
        return text[start...]
    }

    /// A text whose middle is left out if it costs more than that; empty where not even the mark fits.
    static func withoutMiddle(_ text: String, quarters: Int) -> String {
        guard Self.quarters(of: text) > quarters else { return text }
        let mark = " \(mark) "
        let rest = quarters - Self.quarters(of: mark)
        guard rest > 0 else { return "" }
        let head = beginning(of: text[...], quarters: rest * 2 / 3)
        let tail = end(of: text[head.endIndex...], quarters: rest - Self.quarters(of: head))
        return head + mark + tail
    }

    /// A text that ends in a mark if it costs more than that, behind a word where one ends near the place.
    static func beginning(of text: String, quarters: Int) -> String {
        guard Self.quarters(of: text) > quarters else { return text }
        let rest = quarters - Self.quarters(of: mark)
        guard rest > 0 else { return "" }
        let kept = behindWord(beginning(of: text[...], quarters: rest), of: text)
        return kept.isEmpty ? "" : kept + mark
    }

    /// A beginning of a text without the word that it breaks off in, if more than half of it is left.
    static func behindWord(_ kept: Substring, of text: String) -> Substring {
        var kept = kept
        if kept.endIndex < text.endIndex, !text[kept.endIndex].isWhitespace,
            let space = kept.lastIndex(where: \.isWhitespace),
            kept[space...].utf8.count < kept.utf8.count / 2
        {
            kept = kept[..<space]
        }
        while kept.last?.isWhitespace == true { kept.removeLast() }
        return kept
    }

    private static func quarters(ofCharacter character: Character) -> Int {
        character.isASCII ? character.utf8.count : quarters(of: String(character))
    }
}
