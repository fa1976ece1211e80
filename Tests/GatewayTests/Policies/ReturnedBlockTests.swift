import ChatWire
import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import Testing

@Suite("Our own blocks, when they come back", .timeLimit(.minutes(15)))
struct ReturnedBlockTests {
    private static let anna = "X-User-Id: anna\r\n" + Turns.session

    /// The first block of a request, as it stands in its JSON.
    private static func block(_ request: WireMessage) -> String {
        let text = request.text
        guard let start = text.firstRange(of: "<conversation-memory"),
            let end = text.firstRange(of: "</conversation-memory>")
        else { return "" }
        return String(text[start.lowerBound..<end.upperBound])
    }

    /// Repeats what stands in front of the conversation, then says something of its own.
    private static let repeating = ScriptedUpstream.Script.requests { request, _, connection in
        let content = block(request) + #"\n\nHello."#
        let events = [
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"\#(content)"}}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}"#, "[DONE]",
        ]
        let body = events.map { "data: \($0)\n\n" }.joined()
        try await connection.send(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
    }

    @Test("A reply that repeats one is relayed as it is and kept without it, usage behind it or not")
    func reply() async throws {
        try await withGateway(.init(), Self.repeating) { gateway, _ in
            try gateway.seedAnna()
            let reply = try await gateway.chat(Turns.body(stream: true), fields: Self.anna)
            #expect(reply.text.contains("Anna likes tea."))
            // Usage that came behind the record is a second change.
            try await gateway.eventually {
                try gateway.messages("s", user: "anna").last?.message.usage?.prompt == 9
            }
            let last = try #require(try gateway.messages("s", user: "anna").last).message
            #expect(String(buffer: last.body) == #"{"role":"assistant","content":"Hello."}"#)
        }
    }

    @Test("A client that sends one back with its words is remembered for its words")
    func question() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let fence = "<conversation-memory mark=\\\"MARK\\\">\\nwords\\n\\ntext\\n</conversation-memory>"
            var mark = ""
            _ = try await withGateway(.init(), Self.repeating) { other, upstream in
                try other.seedAnna()
                _ = try await other.chat(Turns.body(), fields: Self.anna)
                let block = Self.block(upstream.requests[0])
                let start = try #require(block.firstRange(of: #"mark=\""#))
                mark = String(block[start.upperBound...].prefix(8))
            }
            let ours = fence.replacing("MARK", with: mark)
            let foreign = fence.replacing("MARK", with: "00000000")
            for (number, block) in [ours, foreign].enumerated() {
                let text = "question \(number)\\n\\n" + block
                _ = try await gateway.chat(Turns.body(Turns.user(text)), fields: Self.anna)
            }
            let bodies = try gateway.messages("s", user: "anna").filter { $0.message.role == .user }
                .map { String(buffer: $0.message.body) }
            #expect(bodies[0] == Turns.user("question 0"))
            #expect(bodies[1].contains("00000000"))
        }
    }
}
