internal import JSONBytes

/// Titles of sessions: made of a model's answer, or of the first question.
public enum SessionTitle {
    /// A title has no more characters.
    public static let longest = 60
    /// A first line that stands in for one has no more characters, its ellipsis included.
    public static let longestLine = 40
    /// Nor do its characters have more scalars: a letter may carry marks without end.
    private static let scalars = 240

    /// The title that an answer gives, on one line of 60 characters at most, cut behind a word; nil where
    /// nothing is left.
    public static func cleaned(_ answer: String) -> String? {
        let bare = AnswerText.bare(answer)
        var text = member(of: bare) ?? bare
        text = firstFilledLine(of: text)
        for _ in 0..<4 {
            let inner = AnswerText.unquoted(withoutLead(withoutMarks(text)))
            guard inner != text else { break }
            text = inner
        }
        text = withoutStop(folded(text))
        guard text.contains(where: { $0.isLetter || $0.isNumber || !$0.isASCII && !$0.isPunctuation }) else {
            return nil
        }
        return cut(text, longest, behindWord: true)
    }

    /// The first line of a question that holds anything, cut to 40 characters; empty where none does.
    public static func firstLine(of question: String) -> String {
        cut(folded(firstFilledLine(of: question)), longestLine, behindWord: false)
    }

    // MARK: What stands around it

    /// Some models answer in JSON whatever they are asked.
    private static func member(of answer: String) -> String? {
        guard answer.hasPrefix("{"), let tree = try? JSONTreeParser.parse(Array(answer.utf8)) else {
            return nil
        }
        return tree["title"]?.string
    }

    /// Without control characters, or what ends in them, a line is none.
    private static func firstFilledLine(of text: String) -> String {
        var line = String.UnicodeScalarView()
        // Counted here: a view of scalars counts by walking.
        var count = 0
        for scalar in text.unicodeScalars {
            if TextMarks.isNewline(scalar.value) {
                if isFilled(line) { break }
                line.removeAll()
                count = 0
            } else if count < 4096 {
                line.append(scalar)
                count += 1
            } else {
                break
            }
        }
        return isFilled(line) ? String(line) : ""
    }

    private static func isFilled(_ line: String.UnicodeScalarView) -> Bool {
        line.contains { !TextMarks.isSpace($0.value) && !TextMarks.isControl($0) }
            && !line.starts(with: "```".unicodeScalars)
    }

    private static func withoutMarks(_ text: String) -> String {
        var text = AnswerText.trimmed(text)[...]
        while let first = text.first, "#>".contains(first) { text = text.dropFirst().drop { $0 == " " } }
        if text.hasPrefix("- ") || text.hasPrefix("* ") || text.hasPrefix("• ") { text = text.dropFirst(2) }
        for mark in ["***", "**", "__", "*", "_", "`"] {
            guard text.hasPrefix(mark), text.count > 2 * mark.count else { continue }
            if text.hasSuffix(mark) {
                text = text.dropFirst(mark.count).dropLast(mark.count)
            } else if mark.count == 2, let end = text.dropFirst(2).firstRange(of: mark) {
                // `**Title:** Paris`
                text = text[..<end.lowerBound].dropFirst(2) + text[end.upperBound...]
            }
        }
        return AnswerText.trimmed(String(text))
    }

    private static let leads: Set<String> = [
        "title", "conversation title", "chat title", "suggested title", "session title", "标题", "標題", "会话标题",
        "对话标题", "タイトル", "제목", "titel", "titre", "título", "titolo", "заголовок", "название", "العنوان", "शीर्षक",
        "başlık", "tiêu đề", "judul", "here is a title", "here's a title", "sure! here's a title", "topic",
    ]

    private static func withoutLead(_ text: String) -> String {
        guard let colon = text.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return text }
        let lead = AnswerText.trimmed(text[..<colon].lowercased())
        let rest = AnswerText.trimmed(String(text[colon...].dropFirst()))
        return leads.contains(lead) && !rest.isEmpty ? rest : text
    }

    /// A title is no sentence: its full stop goes, that of an abbreviation stays.
    private static func withoutStop(_ text: String) -> String {
        if text.last == "。" { return String(text.dropLast()) }
        guard text.last == ".", !text.hasSuffix("..") else { return text }
        let word = text.dropLast().split(whereSeparator: \.isWhitespace).last ?? ""
        return word.count > 3 && !word.contains(".") ? String(text.dropLast()) : text
    }

    // MARK: Length

    /// Without control characters, one space for each run of white space.
    private static func folded(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var count = 0
        var isBehindSpace = false
        for scalar in text.unicodeScalars where count < 4 * scalars {
            if TextMarks.isSpace(scalar.value) {
                isBehindSpace = !kept.isEmpty
            } else if !TextMarks.isControl(scalar) {
                if isBehindSpace { kept.append(" ") }
                count += isBehindSpace ? 2 : 1
                isBehindSpace = false
                kept.append(scalar)
            }
        }
        return String(kept)
    }

    private static func cut(_ text: String, _ characters: Int, behindWord: Bool) -> String {
        if text.count <= characters, text.unicodeScalars.count <= scalars { return text }
        var kept = text.prefix(characters - 1)
        while kept.unicodeScalars.count >= scalars { kept = kept.dropLast() }
        if behindWord { kept = TextCut.behindWord(kept, of: text) }
        while kept.last?.isWhitespace == true { kept = kept.dropLast() }
        return kept + TextCut.mark
    }
}
