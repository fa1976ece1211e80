/// Whether an answer is a summary, and what it says then.
public enum SummaryVerdict: Hashable, Sendable {
    /// A summary, by itself.
    case good(String)
    /// A summary that has more tokens than it may.
    case long(String)
    /// None.
    case bad(Fault)

    /// What is wrong with an answer.
    public enum Fault: String, CaseIterable, Hashable, Sendable {
        /// It says nothing.
        case empty
        /// It is too short to tell anything.
        case short
        /// It excuses itself.
        case refusal
        /// It asks back, or for the text.
        case question
        /// It goes on with the dialogue.
        case dialogue
    }

    /// Narrower answers tell nothing: letters, of which a wide one counts as two.
    private static let narrowest = 20

    /// Judges an answer.
    ///
    /// - Parameters:
    ///   - transcript: what was to be summarised.
    ///   - tokens: that a summary may have, as `TokenEstimate` counts.
    public init(_ answer: String, of transcript: SummaryTranscript, tokens: Int) {
        let text = Self.withoutLead(AnswerText.bare(answer))
        guard !text.isEmpty else {
            self = .bad(.empty)
            return
        }
        // What excuses itself or asks back is named so, however short it is.
        if let fault = SummaryFaults.fault(of: text, speakers: transcript.speakers) {
            self = .bad(fault)
        } else if Self.isNarrow(text), !Self.isNarrow(transcript.text) {
            self = .bad(.short)
        } else {
            self = TokenEstimate.tokens(ofText: text) > tokens ? .long(text) : .good(text)
        }
    }

    private static func isNarrow(_ text: String) -> Bool {
        var width = 0
        for scalar in text.unicodeScalars {
            if TextMarks.isWord(scalar.value) || scalar == " " {
                width += TextMarks.isUnspaced(scalar.value) ? 2 : 1
            }
            if width >= narrowest { return false }
        }
        return true
    }

    // MARK: What stands in front

    private static let leads = [
        "summary", "here is", "here's", "here are", "recap", "总结", "總結", "摘要", "概要", "小结", "以下是", "要約",
        "まとめ", "zusammenfassung", "résumé", "resume", "resumen", "resumo", "riassunto", "краткое содержание",
        "резюме", "итог", "요약", "ملخص", "الملخص", "सारांश", "özet", "tóm tắt", "ringkasan",
    ]

    /// `Summary:` and «Here is a summary of the conversation:», on the first line only.
    private static func withoutLead(_ text: String) -> String {
        let line = text.prefix { !$0.isNewline }
        let rest = text[line.endIndex...]
        let plain = line.filter { !"#*_".contains($0) }.drop(while: \.isWhitespace)
        let lowered = plain.lowercased()
        guard let colon = plain.firstIndex(where: { $0 == ":" || $0 == "：" }) else {
            let isHeading = line.hasPrefix("#") || line.hasPrefix("*")
            let isLead = leads.contains { lowered.hasPrefix($0) } && plain.count <= 40
            return isHeading && isLead && !rest.isEmpty ? AnswerText.bare(String(rest)) : text
        }
        let lead = plain[..<colon].lowercased()
        let isLead =
            lead.count <= 90 && leads.contains { lead.contains($0) }
            && (lead.count <= 24 || plain[colon...].count <= 2)
        guard isLead else { return text }
        return AnswerText.bare(String(plain[colon...].dropFirst()) + rest)
    }

    // MARK: Too long

    /// A summary that is too long, without the sentences at its end that do not fit; its first one is cut
    /// where it alone is too long. Never has more than so many tokens.
    public static func trimmed(_ text: String, tokens: Int) -> String {
        let room = max(tokens, 0) * 4
        let whole = AnswerText.trimmed(text)
        guard TextCut.quarters(of: whole) > room else { return whole }
        let bytes = Array(whole.utf8)
        var end = 0
        for sentence in SentenceBreaks(bytes.span).ranges {
            guard TokenEstimate.quarters(of: bytes.span.extracting(0..<sentence.upperBound)) <= room else {
                break
            }
            end = sentence.upperBound
        }
        guard end > 0 else { return TextCut.beginning(of: whole, quarters: room) }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
