import ChatWire
import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("A tool loop belongs to one turn", .timeLimit(.minutes(15)))
struct ToolLoopTests {
    private static let session = "X-Session-Id: s\r\n"
    private static let tools = #""tools":[{"type":"function","function":{"name":"weather"}}]"#
    private static let user = #"{"role":"user","content":"weather in Paris?"}"#
    private static let call =
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]}"#
    private static let result = #"{"role":"tool","tool_call_id":"t1","content":"sunny"}"#
    private static let second =
        #"{"role":"assistant","content":null,"tool_calls":[{"id":"t2","type":"function","function":{"name":"wind","arguments":"{}"}}]}"#
    private static let secondResult = #"{"role":"tool","tool_call_id":"t2","content":"calm"}"#
    private static let answer = #"{"role":"assistant","content":"It is sunny."}"#

    private static func reply(_ message: String, finish: String) -> String {
        ModelReply.whole(#"{"choices":[{"index":0,"message":\#(message),"finish_reason":"\#(finish)"}]}"#)
    }

    private static func body(_ messages: String..., tools: Bool = true) -> String {
        #"{\#(tools ? Self.tools + "," : "")"messages":[\#(messages.joined(separator: ","))]}"#
    }

    /// Asks for two tools one after another, then answers.
    private static let script = ScriptedUpstream.Script.requests { _, number, connection in
        switch number {
        case 0: try await connection.send(reply(call, finish: "tool_calls"))
        case 1: try await connection.send(reply(second, finish: "tool_calls"))
        default: try await connection.send(reply(answer, finish: "stop"))
        }
    }

    private func loop(_ gateway: TestGateway) async throws {
        _ = try await gateway.chat(Self.body(Self.user), fields: Self.session)
        _ = try await gateway.chat(Self.body(Self.user, Self.call, Self.result), fields: Self.session)
        _ = try await gateway.chat(
            Self.body(Self.user, Self.call, Self.result, Self.second, Self.secondResult), fields: Self.session
        )
    }

    @Test("Its steps are recorded once, in one round, and go up as the client wrote them")
    func steps() async throws {
        try await withGateway(.init(), Self.script) { gateway, upstream in
            try await loop(gateway)
            #expect(
                upstream.requests.map(\.text) == [
                    Self.body(Self.user), Self.body(Self.user, Self.call, Self.result),
                    Self.body(Self.user, Self.call, Self.result, Self.second, Self.secondResult),
                ])
            let messages = try gateway.messages("s")
            #expect(messages.map { $0.round ?? 0 } == [1, 1, 1, 1, 1, 1])
            #expect(
                messages.map(\.message.role) == [.user, .assistant, .tool, .assistant, .tool, .assistant])
        }
    }

    @Test("The next newest-only request gets the whole turn if it declares tools")
    func replayedAsSuch() async throws {
        try await withGateway(.init(), Self.script) { gateway, upstream in
            try await loop(gateway)
            let next = #"{"role":"user","content":"thanks"}"#
            _ = try await gateway.chat(Self.body(next), fields: Self.session)
            #expect(
                upstream.requests.last?.text
                    == Self.body(
                        Self.user, Self.call, Self.result, Self.second, Self.secondResult, Self.answer, next))
        }
    }

    @Test("Without tools in the request the calls become a line of text")
    func replayedAsText() async throws {
        try await withGateway(.init(), Self.script) { gateway, upstream in
            try await loop(gateway)
            let next = #"{"role":"user","content":"thanks"}"#
            _ = try await gateway.chat(Self.body(next, tools: false), fields: Self.session)
            let text = try #require(upstream.requests.last?.text)
            let told =
                #"{"role":"assistant","content":"[Tools used: weather({\"city\":\"Paris\"}) → sunny wind({}) → calm]\nIt is sunny."}"#
            #expect(text == Self.body(Self.user, told, next, tools: false))
        }
    }

    @Test("Within an open turn the window ends before that turn")
    func windowInsideLoop() async throws {
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            switch number {
            case 0: try await connection.send(ModelReply.whole(ModelReply.completion("a0")))
            case 1: try await connection.send(Self.reply(Self.call, finish: "tool_calls"))
            default: try await connection.send(Self.reply(Self.answer, finish: "stop"))
            }
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let earlier = #"{"role":"user","content":"hi"}"#
            let first = #"{"role":"assistant","content":"a0"}"#
            _ = try await gateway.chat(Self.body(earlier), fields: Self.session)
            _ = try await gateway.chat(Self.body(Self.user), fields: Self.session)
            _ = try await gateway.chat(Self.body(Self.user, Self.call, Self.result), fields: Self.session)
            #expect(
                upstream.requests.last?.text == Self.body(earlier, first, Self.user, Self.call, Self.result))
            #expect(try gateway.messages("s").map { $0.round ?? 0 } == [1, 1, 2, 2, 2, 2])
        }
    }

    @Test("A step that failed at the upstream can be sent again and is recorded once")
    func failedStep() async throws {
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            switch number {
            case 0: try await connection.send(Self.reply(Self.call, finish: "tool_calls"))
            case 1: try await connection.send(ModelReply.whole("{}", status: "500 No"))
            default: try await connection.send(Self.reply(Self.answer, finish: "stop"))
            }
        }
        try await withGateway(.init(), script) { gateway, _ in
            _ = try await gateway.chat(Self.body(Self.user), fields: Self.session)
            for _ in 0..<2 {
                _ = try await gateway.chat(Self.body(Self.user, Self.call, Self.result), fields: Self.session)
            }
            let complete = try gateway.messages("s").filter {
                $0.message.status == .complete && $0.round == 1
            }
            #expect(complete.map(\.message.role) == [.user, .assistant, .tool, .assistant])
        }
    }

    @Test("A streamed tool call is recorded as it would be sent back")
    func streamedCall() async throws {
        let stream =
            ModelReply.event(
                #"{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}"#
            )
            + ModelReply.event(
                #"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]},"finish_reason":null}"#
            )
            + ModelReply.event(
                #"{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Paris\"}"}}]},"finish_reason":null}"#
            )
            + ModelReply.event(#"{"index":0,"delta":{},"finish_reason":"tool_calls"}"#) + ModelReply.done
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            try await connection.send(
                number == 0 ? ModelReply.chunked(stream) : Self.reply(Self.answer, finish: "stop"))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            _ = try await gateway.chat(
                #"{"stream":true,\#(Self.tools),"messages":[\#(Self.user)]}"#, fields: Self.session)
            _ = try await gateway.chat(Self.body(Self.user, Self.call, Self.result), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.user, Self.call, Self.result))
            #expect(try gateway.messages("s").map { $0.round ?? 0 } == [1, 1, 1, 1])
        }
    }
}
