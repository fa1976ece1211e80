/// How the demo model compares sentences: by words, and by pairs of characters where a script has no spaces.
enum DemoWords {
    private static let common: Set<String> = [
        "a", "about", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did",
        "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "is",
        "it", "its", "know", "me", "my", "of", "on", "or", "our", "please", "remember", "said", "say", "she",
        "so", "tell", "that", "the", "their", "them", "there", "they", "this", "to", "told", "was", "we",
        "were", "what", "whats", "when", "where", "which", "who", "whom", "whose", "why", "will", "with",
        "would", "you", "your", "什么", "是什", "么名", "我的", "你的", "他的", "她的", "吗", "呢", "的", "了", "是",
    ]
    private static let questionOpeners: Set<String> = [
        "what", "whats", "when", "where", "which", "who", "whom", "whose", "why", "how", "do", "does", "did",
        "is", "are", "was", "were", "can", "could",
    ]

    /// The words that tell something, lower case; Chinese, Japanese and Korean text as pairs of characters.
    static func telling(_ text: String) -> Set<String> {
        Set(words(text)).subtracting(common)
    }

    /// Whether a sentence begins like an English question.
    static func opensAsQuestion(_ text: String) -> Bool {
        words(text).first.map(questionOpeners.contains) ?? false
    }

    /// The sentences of a text, trimmed, without their line breaks.
    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        for character in text {
            if character.isNewline {
                sentences.append(current)
                current = ""
                continue
            }
            current.append(character)
            guard ".!?。！？".contains(character) else { continue }
            sentences.append(current)
            current = ""
        }
        sentences.append(current)
        return sentences.map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var previous: Character?
        for character in text.lowercased() {
            let isWide = character.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
            if isWide, character.isLetter {
                if let previous { words.append(String([previous, character])) }
                previous = character
            } else {
                previous = nil
            }
            if !isWide, character.isLetter || character.isNumber {
                word.append(character)
            } else if character != "'" {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
