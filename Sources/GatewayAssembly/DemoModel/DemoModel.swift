internal import JSONBytes

/// The built-in model: answers from the context it was sent, the same every time, so that a newcomer sees
/// memory work without any model server.
///
/// Asked about something that stands in its context it answers with that sentence; else it says what it was
/// given.
enum DemoModel {
    /// The name it goes by in replies and in the list of models.
    static let name = "memgate-demo"

    /// One message of the context.
    struct Message: Equatable {
        var role: String
        var text: String
    }

    /// The answer to a conversation.
    static func answer(to messages: [Message]) -> String {
        guard let last = messages.lastIndex(where: { $0.role == "user" }) else {
            return "Say something, and I will answer from what I was given."
        }
        let question = messages[last].text
        if let sentence = bestSentence(for: question, in: messages[..<last]) { return sentence }
        return inventory(messages[..<last], isQuestion: looksLikeQuestion(question))
    }

    /// The sentence of the context that shares the most telling words with the question, newest first among
    /// equals.
    private static func bestSentence(for question: String, in context: ArraySlice<Message>) -> String? {
        guard looksLikeQuestion(question) else { return nil }
        let wanted = DemoWords.telling(question)
        guard !wanted.isEmpty else { return nil }
        var best: (sentence: String, score: Int)?
        for message in context where message.role != "assistant" {
            for sentence in DemoWords.sentences(message.text) where !looksLikeQuestion(sentence) {
                let score = DemoWords.telling(sentence).intersection(wanted).count
                if score > 0, score >= best?.score ?? 1 { best = (sentence, score) }
            }
        }
        return best?.sentence
    }

    private static func inventory(_ context: ArraySlice<Message>, isQuestion: Bool) -> String {
        let rounds = context.count { $0.role == "user" }
        let summaries = context.count { $0.text.contains("<conversation-memory") }
        let opening = isQuestion ? "I find nothing about that in what I was given: " : "Noted. I was given "
        let roundWord = rounds == 1 ? "1 earlier round" : "\(rounds) earlier rounds"
        return opening + roundWord + (summaries == 0 ? "." : " and \(summaries) memory blocks.")
    }

    private static func looksLikeQuestion(_ text: String) -> Bool {
        if text.contains("?") || text.contains("？") { return true }
        let endings = ["吗", "呢", "什么", "谁", "哪里", "多少", "几点"]
        return endings.contains { text.contains($0) } || DemoWords.opensAsQuestion(text)
    }
}
