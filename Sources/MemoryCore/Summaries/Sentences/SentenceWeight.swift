/// How much a sentence is worth keeping. The figures were tuned on chats in English and Chinese whose
/// questions name the messages that answer them.
struct SentenceWeight {
    /// Of the sentence.
    let value: Double

    /// Weighs a sentence.
    ///
    /// - Parameters:
    ///   - names: how many names it holds.
    ///   - isOwn: whether a person said it, and not the assistant.
    ///   - place: of the sentence in its message, from 0.
    ///   - answers: whether the message before it ended in a question.
    init(_ signs: SentenceSigns, names: Int, isOwn: Bool, place: Int, answers: Bool) {
        var value = Self.facts(signs, names: names)
        value += 0.3 * Double(min(signs.words, 14))
        if isOwn {
            value += 0.5
            if signs.own > 0 { value += 0.8 }
            if answers, place < 2 { value += 0.9 }
        } else {
            value -= 0.2 * Double(min(place, 8))
        }
        if signs.asks { value -= isOwn ? 3.5 : 7 }
        if signs.greetings > 0 { value -= signs.words > 8 ? 0.5 : 0.8 }
        self.value = value
    }

    private static func facts(_ signs: SentenceSigns, names: Int) -> Double {
        var value = 0.0
        value += share(signs.numbers, first: 1, further: 0.4)
        value += share(names, first: 0.8, further: 1)
        value += share(signs.quoted, first: 4, further: 0.5)
        value += share(signs.times, first: 2.2, further: 0.3)
        value += share(signs.wishes, first: 0.5, further: 0.3)
        if signs.negations > 0 { value += 0.3 }
        return value
    }

    /// The first sign of a kind says most; a list of many is no better than one of four.
    private static func share(_ count: Int, first: Double, further: Double) -> Double {
        count == 0 ? 0 : first + further * Double(min(count, 4) - 1)
    }
}
