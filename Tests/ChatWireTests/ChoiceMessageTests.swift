import ChatWire
import JSONBytes
import NIOCore
import Testing

@Suite("A choice as a message")
struct ChoiceMessageTests {
    @Test("Text is escaped as far as JSON wants it and no further")
    func escapes() throws {
        var choice = AssembledChoice(index: 0)
        choice.text = "\"q\" \\ / \u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F} é 世 😀"
        choice.reasoning = "kept to ourselves"
        let expected =
            #"{"role":"assistant","content":"\"q\" \\ / \u0008\u000c\n\r\t\u0000\u001f"# + "\u{7F} é 世 😀\"}"
        #expect(String(buffer: choice.message()) == expected)
        #expect(MessageText.bytes(of: choice.message()) == Array(choice.text.utf8))
    }

    @Test("Content is null beside calls, empty where there is nothing at all")
    func content() {
        var choice = AssembledChoice(index: 0)
        #expect(String(buffer: choice.message()) == #"{"role":"assistant","content":""}"#)
        #expect(!choice.hasContent)
        choice.refusal = "No."
        #expect(String(buffer: choice.message()) == #"{"role":"assistant","content":null,"refusal":"No."}"#)
        choice.refusal = ""
        choice.audioTranscript = "Heard"
        #expect(String(buffer: choice.message()) == #"{"role":"assistant","content":"Heard"}"#)
        choice = AssembledChoice(index: 0)
        choice.functionCall = AssembledToolCall(id: nil, name: "f", arguments: "{}")
        #expect(
            String(buffer: choice.message())
                == #"{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}}"#)
        #expect(choice.callsTools)
    }

    @Test("Calls go back as they came, with what the vendor wants back")
    func calls() {
        var stream = Stream()
        stream.delta(
            #"{"content":"Let me see.","tool_calls":[{"index":0,"id":"a\"b","type":"function","#
                + #""function":{"name":"f","arguments":"{\"x\":"},"#
                + #""extra_content":{"google":{"thought_signature":"s=="}}}]}"#
        )
        stream.delta(#"{"tool_calls":[{"index":0,"function":{"arguments":"1}"},"extra_content":null}]}"#)
        stream.delta(
            #"{"tool_calls":[{"index":1,"custom":{"name":"g","input":"any"},"type":"custom"}]}"#,
            finish: "tool_calls")
        let choice = TapRun(stream.body, cutAt: []).reply.choices[0]
        #expect(
            String(buffer: choice.message())
                == #"{"role":"assistant","content":"Let me see.","tool_calls":["#
                + #"{"id":"a\"b","type":"function","function":{"name":"f","arguments":"{\"x\":1}"},"#
                + #""extra_content":{"google":{"thought_signature":"s=="}}},"#
                + #"{"type":"custom","custom":{"name":"g","input":"any"}}]}"#)
    }

    @Test("Every fixture's choices make messages that are JSON and say the same", arguments: ReplyFixture.all)
    func fixtures(_ fixture: ReplyFixture) throws {
        for choice in TapRun(fixture.body, cutAt: []).reply.choices {
            let message = choice.message()
            try JSONCursor.validate(message.readableBytesUInt8Span)
            let located = try LocatedMessage(in: message)
            #expect(located.role == .assistant)
            #expect(located.callsTools == choice.callsTools)
            let calls = try JSONTreeParser.parse(Array(message.readableBytesView))["tool_calls"]?.elements
            #expect((calls ?? []).compactMap { $0["id"]?.string } == choice.toolCalls.compactMap(\.id))
            let spoken = choice.text.isEmpty ? choice.audioTranscript : choice.text
            #expect(MessageText.bytes(of: message) == Array(spoken.utf8))
        }
    }
}
