import ChatWire
import Testing

extension ReplyFixture.Expectation {
    /// Checks that a reply is what was expected.
    func check(_ reply: AssembledReply, location: SourceLocation = #_sourceLocation) {
        let found = reply.choices.map(ReplyFixture.Choice.init)
        #expect(found == choices, sourceLocation: location)
        #expect(reply.model == model, sourceLocation: location)
        let message = reply.error.map { withoutLayout($0.message) }
        #expect(message == error.map(withoutLayout), sourceLocation: location)
        #expect(reply.error?.code == error_code?.text, sourceLocation: location)
        #expect(reply.isComplete == complete, sourceLocation: location)
        #expect(reply.degraded == nil, sourceLocation: location)
        #expect((reply.usage == nil) == (usage == nil), sourceLocation: location)
        guard let counts = reply.usage, let usage else { return }
        let cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? 0
        #expect(counts.prompt == usage.prompt_tokens ?? 0, sourceLocation: location)
        #expect(counts.completion == usage.completion_tokens ?? 0, sourceLocation: location)
        #expect(counts.cached == cached, sourceLocation: location)
    }

    /// Where an error is no text it stands as JSON, whose layout is not what is compared.
    private func withoutLayout(_ message: String) -> String {
        message.hasPrefix("[") ? message.filter { $0 != " " } : message
    }
}

extension ReplyFixture.Choice {
    init(_ choice: AssembledChoice) {
        index = choice.index
        text = choice.text
        reasoning = choice.reasoning
        refusal = choice.refusal
        tool_calls = choice.toolCalls.map { .init(id: $0.id, name: $0.name, arguments: $0.arguments) }
        finish_reason = choice.finishReason
        function_call = choice.functionCall.map { .init(id: $0.id, name: $0.name, arguments: $0.arguments) }
        audio_transcript = choice.audioTranscript.isEmpty ? nil : choice.audioTranscript
    }
}
