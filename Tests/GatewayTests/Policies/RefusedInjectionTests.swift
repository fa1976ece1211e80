import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

@Suite("Model servers that refuse what memory added", .timeLimit(.minutes(15)))
struct RefusedInjectionTests {
    private static let anna = "X-User-Id: anna\r\n"

    /// Answers requests whose bodies hold a text with an error, all others with a completion.
    private static func refusing(_ text: String, _ error: String) -> ScriptedUpstream.Script {
        .requests { request, number, connection in
            try await connection.send(
                request.text.contains(text) ? error : ModelReply.whole(ModelReply.completion("a\(number)")))
        }
    }

    private static func error(_ status: String, _ body: String, type: String = "application/json") -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test(
        "A refused request is tried once more as the client wrote it, and says so",
        arguments: ["400 Bad Request", "413 Too Large", "422 Unprocessable", "500 Oops"], [true, false])
    func refused(status: String, isStream: Bool) async throws {
        let script = Self.refusing("conversation-memory", Self.error(status, #"{"error":"no system"}"#))
        try await withGateway(.init(), script) { gateway, upstream in
            try gateway.seedAnna()
            let body = Turns.body(stream: isStream)
            let reply = try await gateway.chat(body, fields: Self.anna + Turns.session)
            #expect(reply.status == 200)
            #expect(reply["X-Memory-Status"] == "degraded; reason=refused")
            #expect(reply["X-Memory-Injected"] == "standing=0, window=0, recall=0, tokens=0")
            #expect(upstream.requests.count == 2)
            #expect(upstream.requests[0].text.contains("Anna likes tea."))
            #expect(upstream.requests[1].text == body)
            let messages = try gateway.messages("s", user: "anna")
            #expect(messages.map(\.round) == [1, 1])
        }
    }

    @Test("What a model refused is remembered: the block goes elsewhere, and stays there")
    func remembered() async throws {
        let script = Self.refusing(#""role":"system""#, Self.error("400 Bad", #"{"error":"no system"}"#))
        try await withGateway(.init(), script) { gateway, upstream in
            try gateway.seedAnna()
            for number in 0..<3 {
                let reply = try await gateway.chat(
                    #"{"model":"m","# + Turns.body(Turns.user("q\(number)")).dropFirst(),
                    fields: Self.anna + Turns.session)
                #expect(reply.status == 200)
                let status = reply["X-Memory-Status"]
                #expect(status == (number == 0 ? "degraded; reason=refused" : "ok"))
            }
            #expect(upstream.requests.count == 4)
            let sent = try #require(upstream.requests.last?.text)
            #expect(sent.contains("Anna likes tea.") && !sent.contains(#""role":"system""#))
        }
    }

    @Test("Where the server refuses the client's own request too, that is what the client gets")
    func both() async throws {
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            try await connection.send(Self.error("400 Bad", #"{"error":"try \#(number)"}"#))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            try gateway.seedAnna()
            let reply = try await gateway.chat(Turns.body(), fields: Self.anna + Turns.session)
            #expect(reply.status == 400 && reply.text == #"{"error":"try 1"}"#)
            #expect(reply["X-Memory-Status"] == "ok")
            #expect(upstream.requests.count == 2)
            #expect(try gateway.messages("s", user: "anna").map(\.message.status) == [.failed])
        }
    }

    @Test("Errors that are not about what was added are relayed at once")
    func others() async throws {
        let plain = "text/plain"
        let answers = [
            Self.error("401 No", "{}"), Self.error("404 No", "{}"), Self.error("429 Slow", "{}"),
            Self.error("503 Busy", "{}"), Self.error("500 Oops", "trace", type: plain),
        ]
        for answer in answers {
            try await withGateway(.init(), .always(answer)) { gateway, upstream in
                try gateway.seedAnna()
                let reply = try await gateway.chat(Turns.body(), fields: Self.anna)
                #expect(reply.status != 200)
                #expect(upstream.requests.count == 1)
            }
        }
    }

    @Test("Nothing that was not added is tried again")
    func nothingAdded() async throws {
        let script = ScriptedUpstream.Script.always(Self.error("400 Bad", "{}"))
        try await withGateway(.init(), script) { gateway, upstream in
            let reply = try await gateway.chat(Turns.body(), fields: Turns.session)
            #expect(reply.status == 400)
            #expect(upstream.requests.count == 1)
        }
    }

    @Test("Standing text that is frozen is told only where its plugin applies, and is there again then")
    func frozenElsewhere() async throws {
        var recipe = GatewayRecipe()
        recipe.chain = #"[{"use":"standing-summaries","when":{"models":["local*"]}}]"#
        try await withGateway(recipe, .numbered) { gateway, upstream in
            try gateway.seedAnna()
            for (number, model) in ["local-1", "cloud", "local-2"].enumerated() {
                let body = #"{"model":"\#(model)","# + Turns.body(Turns.user("q\(number)")).dropFirst()
                _ = try await gateway.chat(body, fields: Self.anna + Turns.session)
            }
            let told = upstream.requests.map { $0.text.contains("Anna likes tea.") }
            #expect(told == [true, false, true])
        }
    }

    @Test("A refusal that names the context length makes the model's window known")
    func contextLength() async throws {
        let said = #"{"error":{"message":"This model's maximum context length is 1500 tokens."}}"#
        let script = Self.refusing("LONG", Self.error("400 Bad", said))
        var recipe = GatewayRecipe(upstream: #""contextTokens":{"*":8000}"#)
        recipe.chain = #"[{"use":"recent-window"}]"#
        try await withGateway(recipe, script) { gateway, upstream in
            let key = SampleTurns.session("s", user: "default", tenant: "local")
            var long = SampleTurns.message("LONG")
            long.tokens = 1200
            try gateway.storage.apply(
                [.record(SampleTurns.turn(1, in: key, messages: [long]))], .withNextBatch)
            func ask(_ text: String) async throws -> WireMessage {
                let body = #"{"max_tokens":100,"# + Turns.body(Turns.user(text)).dropFirst()
                return try await gateway.chat(body, fields: Turns.session)
            }
            let first = try await ask("one")
            #expect(first["X-Memory-Status"] == "degraded; reason=refused")
            let second = try await ask("two")
            #expect(second["X-Memory-Status"] == "ok")
            #expect(second["X-Memory-Injected"]?.contains("window=1,") == true)
            let sent = try #require(upstream.requests.last?.text)
            #expect(sent.contains(#""one""#) && !sent.contains("LONG"))
            #expect(upstream.requests.count == 3)
        }
    }

    @Test("A client that leaves while its request is tried again leaves nothing behind")
    func leaves() async throws {
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            if number == 0 {
                try await connection.send(Self.error("400 Bad", "{}"))
            } else {
                try await connection.send(ModelReply.chunkedHead())
                try await connection.ended()
            }
        }
        try await withGateway(.init(), script) { gateway, upstream in
            try gateway.seedAnna()
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.anna + Turns.session,
                    body: Turns.body(stream: true)))
            _ = try await upstream.request(1)
            await client.close()
            try await gateway.storage.settled(1)
            #expect(try gateway.messages("s", user: "anna").map(\.message.status) == [.disconnected])
        }
    }
}
