import ChatWire
import NIOCore
import Testing

@Suite("Replies of real and odd servers")
struct ReplyFixtureTests {
    @Test("Fixtures are there")
    func fixturesExist() {
        #expect(ReplyFixture.all.count >= 140)
    }

    @Test("A reply fed whole is put together as its index says", arguments: ReplyFixture.all)
    func whole(_ fixture: ReplyFixture) {
        let run = TapRun(fixture.body, cutAt: [])
        expect(run.reply, fixture.expectation)
    }

    @Test("A plain body is put together by the same rules", arguments: ReplyFixture.all)
    func plain(_ fixture: ReplyFixture) {
        expect(AssembledReply.assemble(plain: fixture.body), fixture.expectation)
    }

    @Test("Every split in two gives the same reply and marks", arguments: ReplyFixture.all)
    func twoPieces(_ fixture: ReplyFixture) {
        let whole = TapRun(fixture.body, cutAt: [])
        let count = fixture.body.readableBytes
        // The few large fixtures would cost minutes; a prime stride still meets every kind of place in them.
        let step = count > 6000 ? 97 : 1
        for cut in stride(from: 1, to: count, by: step) {
            let run = TapRun(fixture.body, cutAt: [cut])
            guard run == whole else {
                Issue.record("\(fixture.file) differs when cut at \(cut)")
                return
            }
        }
    }

    @Test("Byte by byte gives the same reply and marks", arguments: ReplyFixture.all)
    func byteByByte(_ fixture: ReplyFixture) {
        let whole = TapRun(fixture.body, cutAt: [])
        #expect(TapRun(fixture.body, cutAt: 1..<max(1, fixture.body.readableBytes)) == whole)
    }

    /// Where an error is no text it stands as JSON, whose layout is not what is compared.
    private func withoutLayout(_ message: String) -> String {
        message.hasPrefix("[") ? message.filter { $0 != " " } : message
    }

    private func expect(_ reply: AssembledReply, _ expected: ReplyFixture.Expectation) {
        #expect(reply.choices.map(ReplyFixture.Choice.init) == expected.choices)
        #expect(reply.model == expected.model)
        #expect(reply.error.map { withoutLayout($0.message) } == expected.error.map(withoutLayout))
        #expect(reply.error?.code == expected.error_code?.text)
        #expect(reply.isComplete == expected.complete)
        #expect((reply.usage == nil) == (expected.usage == nil))
        #expect(reply.usage?.prompt == expected.usage.map { $0.prompt_tokens ?? 0 })
        #expect(reply.usage?.completion == expected.usage.map { $0.completion_tokens ?? 0 })
        let cached = expected.usage.map {
            $0.prompt_tokens_details?.cached_tokens ?? $0.prompt_cache_hit_tokens ?? 0
        }
        #expect(reply.usage?.cached == cached)
        #expect(reply.degraded == nil)
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
