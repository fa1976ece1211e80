internal import BackgroundJobs
internal import MemoryCore

/// Asks a model for a summary, a second time where the first answer is none, and takes only what is one.
struct SummaryQuestion: Sendable {
    private let transcript: SummaryTranscript
    private let previous: String?

    /// - Parameter previous: the summary that it goes on from.
    init(_ transcript: SummaryTranscript, previous: String?) {
        self.transcript = transcript
        self.previous = previous
    }

    /// - Returns: a text that is a summary, or what else came; `refused` where the model tells none.
    func ask(
        _ models: any MemoryModels, for session: SessionTerms, _ cancellation: Cancellation
    ) async -> ModelAnswer {
        let first = await models.ask(.summary, for: session, cancellation) { prompt(room: $0) }
        guard case .text(let answer, _) = first else { return first }
        let verdict = SummaryVerdict(answer, of: transcript, tokens: EndSession.mostTokens)
        if case .good(let text) = verdict { return first.saying(text) }
        let second = await models.ask(.summary, for: session, cancellation) { room in
            switch verdict {
            case .bad(let fault): prompt(room: room).again(after: fault)
            default: prompt(room: room).shorter(tokens: EndSession.wantedTokens)
            }
        }
        if case .text(let answer, _) = second {
            switch SummaryVerdict(answer, of: transcript, tokens: EndSession.mostTokens) {
            case .good(let text): return second.saying(text)
            case .long(let text):
                return second.saying(SummaryVerdict.trimmed(text, tokens: EndSession.mostTokens))
            case .bad(let fault):
                guard case .long(let text) = verdict else {
                    return .refused("the model gives no summary: \(fault.rawValue)")
                }
                return first.saying(SummaryVerdict.trimmed(text, tokens: EndSession.mostTokens))
            }
        }
        guard case .long(let text) = verdict else { return second }
        return first.saying(SummaryVerdict.trimmed(text, tokens: EndSession.mostTokens))
    }

    /// The question, with as much of the transcript as there is room for.
    private func prompt(room: Int) -> SummaryPrompt {
        let words = SummaryPrompt.summary(
            of: SummaryTranscript([], language: transcript.language),
            previous: previous,
            tokens: EndSession.wantedTokens)
        // A complaint may follow.
        let left = room - TokenEstimate.tokens(ofText: words.text) - 100
        return SummaryPrompt.summary(
            of: transcript.fitted(tokens: max(64, left)), previous: previous,
            tokens: EndSession.wantedTokens)
    }
}

extension ModelAnswer {
    /// The same answer with its text as it is kept.
    fileprivate func saying(_ text: String) -> ModelAnswer {
        guard case .text(_, let model) = self else { return self }
        return .text(text, model: model)
    }
}
