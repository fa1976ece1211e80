import ChatWire
import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import Testing

@Suite("What newest-only requests are given back", .timeLimit(.minutes(15)))
struct ReplayTests {
    private static let session = "X-Session-Id: s\r\n"

    private static func user(_ text: String) -> String { #"{"role":"user","content":"\#(text)"}"# }
    private static func assistant(_ text: String) -> String { #"{"role":"assistant","content":"\#(text)"}"# }
    private static func body(_ messages: String...) -> String {
        #"{"model":"m","messages":[\#(messages.joined(separator: ","))]}"#
    }

    @Test(
        "Rounds stand between the leading system messages and the rest, oldest first",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func order(engine: GatewayRecipe.Engine) async throws {
        try await withGateway(.init(engine: engine), .numbered) { gateway, upstream in
            let system = #"{"role":"system","content":"be brief"}"#
            let developer = #"{ "content":"x" , "role":"developer" }"#
            _ = try await gateway.chat(Self.body(Self.user("one")), fields: Self.session)
            _ = try await gateway.chat(Self.body(system, Self.user("two")), fields: Self.session)
            _ = try await gateway.chat(
                #"{"messages": [\#(system) , \#(developer), \#(Self.user("three"))],"stream":true}"#,
                fields: Self.session)
            _ = try await gateway.chat(#"{"messages":[]}"#, fields: Self.session)
            let bodies = upstream.requests.map(\.text)
            let first = Self.user("one") + "," + Self.assistant("a0")
            let second = Self.user("two") + "," + Self.assistant("a1")
            #expect(bodies[0] == Self.body(Self.user("one")))
            #expect(bodies[1] == Self.body(system, first, Self.user("two")))
            #expect(
                bodies[2]
                    == #"{"messages": [\#(system) , \#(developer), \#(first),\#(second),\#(Self.user("three"))],"stream":true}"#
            )
            let transcript = try gateway.transcript("s")
            #expect(
                Array(transcript.prefix(6)) == [
                    "1 complete \(Self.user("one"))", "1 complete \(Self.assistant("a0"))",
                    "2 complete \(Self.user("two"))", "2 complete \(Self.assistant("a1"))",
                    "3 complete \(Self.user("three"))", "3 complete \(Self.assistant("a2"))",
                ])
        }
    }

    @Test("Mode read injects and records nothing, write records and injects nothing")
    func modes() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.chat(Self.body(Self.user("one")), fields: Self.session)
            let read = try await gateway.chat(
                Self.body(Self.user("two")), fields: Self.session + "X-Memory-Mode: read\r\n")
            #expect(read["X-Memory-Injected"]?.contains("window=1") == true)
            #expect(
                upstream.requests[1].text
                    == Self.body(Self.user("one"), Self.assistant("a0"), Self.user("two")))
            #expect(try gateway.messages("s").count == 2)
            let write = try await gateway.chat(
                Self.body(Self.user("three")), fields: Self.session + "X-Memory-Mode: write\r\n")
            #expect(write["X-Memory-Injected"]?.contains("window=0") == true)
            #expect(upstream.requests[2].text == Self.body(Self.user("three")))
            #expect(try gateway.messages("s").count == 4)
        }
    }

    @Test("A request with its own history is not added to, and only what is new is recorded")
    func ownHistory() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let first = Self.body(Self.user("one"))
            let second = Self.body(Self.user("one"), Self.assistant("a0"), Self.user("two"))
            let third = Self.body(
                Self.user("one"), Self.assistant("a0"), Self.user("two"), Self.assistant("a1"),
                Self.user("three"))
            for body in [first, second, third] { _ = try await gateway.chat(body, fields: Self.session) }
            #expect(upstream.requests.map(\.text) == [first, second, third])
            #expect(
                try gateway.transcript("s") == [
                    "1 complete \(Self.user("one"))", "1 complete \(Self.assistant("a0"))",
                    "2 complete \(Self.user("two"))", "2 complete \(Self.assistant("a1"))",
                    "3 complete \(Self.user("three"))", "3 complete \(Self.assistant("a2"))",
                ])
        }
    }

    @Test("The window grows to what the model's window leaves; a step cuts it to half, in whole turns")
    func bound() async throws {
        let recipe = GatewayRecipe(upstream: #""contextTokens":{"*":8000}"#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            // Each round costs 1504 + 5 tokens, and each of these questions 1504 of the 4976 that are left
            // by the reply: two fit beside one, so the fourth makes a step.
            let long = String(repeating: "abcd", count: 1500)
            for number in 0..<4 {
                _ = try await gateway.chat(Self.body(Self.user("\(number)" + long)), fields: Self.session)
            }
            let reply = try await gateway.chat(Self.body(Self.user("now")), fields: Self.session)
            let text = try #require(upstream.requests.last?.text)
            #expect(reply["X-Memory-Injected"]?.contains("window=2") == true)
            #expect(
                text
                    == Self.body(
                        Self.user("2" + long), Self.assistant("a2"), Self.user("3" + long),
                        Self.assistant("a3"),
                        Self.user("now")))
        }
    }

    @Test("A turn that alone is over the bound leaves the window empty")
    func tooLarge() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.chat(Self.body(Self.user("early")), fields: Self.session)
            _ = try await gateway.chat(
                Self.body(Self.user(String(repeating: "abcd", count: 5000))), fields: Self.session)
            _ = try await gateway.chat(Self.body(Self.user("now")), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.user("now")))
        }
    }

    @Test("Two users with the same session id have two sessions")
    func twoUsers() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.chat(
                Self.body(Self.user("one")), fields: Self.session + "X-User-Id: anna\r\n")
            let reply = try await gateway.chat(
                Self.body(Self.user("two")), fields: Self.session + "X-User-Id: ben\r\n")
            #expect(reply["X-Session-Id"] == "s")
            #expect(upstream.requests.last?.text == Self.body(Self.user("two")))
            _ = try await gateway.chat(
                Self.body(Self.user("three")), path: "/u/anna/v1/chat/completions", fields: Self.session)
            #expect(
                upstream.requests.last?.text
                    == Self.body(Self.user("one"), Self.assistant("a0"), Self.user("three")))
        }
    }

    @Test("Of several choices the first is replayed, all are recorded")
    func severalChoices() async throws {
        let reply =
            #"{"model":"m","choices":[{"index":1,"message":{"role":"assistant","content":"B"},"finish_reason":"stop"},"#
            + #"{"index":0,"message":{"role":"assistant","content":"A"},"finish_reason":"stop"}]}"#
        try await withGateway(.init(), .always(ModelReply.whole(reply))) { gateway, upstream in
            _ = try await gateway.chat(
                #"{"n":2,"messages":[\#(Self.user("one"))]}"#, fields: Self.session)
            _ = try await gateway.chat(Self.body(Self.user("two")), fields: Self.session)
            #expect(
                upstream.requests.last?.text
                    == Self.body(Self.user("one"), Self.assistant("A"), Self.user("two")))
            #expect(
                try gateway.transcript("s").prefix(3) == [
                    "1 complete \(Self.user("one"))", "1 complete \(Self.assistant("A"))",
                    "1 complete \(Self.assistant("B"))",
                ])
        }
    }

    @Test("Reasoning is recorded and never replayed", arguments: [true, false])
    func reasoning(isStream: Bool) async throws {
        let plain =
            #"{"choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"hmm","content":"A"},"finish_reason":"stop"}]}"#
        let stream =
            ModelReply.event(
                #"{"index":0,"delta":{"role":"assistant","reasoning_content":"hmm"},"finish_reason":null}"#)
            + ModelReply.stream("A")
        let script = ScriptedUpstream.Script.always(
            isStream ? ModelReply.chunked(stream) : ModelReply.whole(plain))
        try await withGateway(.init(), script) { gateway, upstream in
            for text in ["one", "two"] {
                _ = try await gateway.chat(
                    #"{"stream":\#(isStream),"messages":[\#(Self.user(text))]}"#, fields: Self.session)
            }
            #expect(
                upstream.requests.last?.text
                    == #"{"stream":\#(isStream),"messages":[\#(Self.user("one")),\#(Self.assistant("A")),\#(Self.user("two"))]}"#
            )
            #expect(try gateway.messages("s")[1].message.reasoning == "hmm")
        }
    }

    @Test(
        "Twenty parallel requests in one session become twenty whole rounds",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func parallel(engine: GatewayRecipe.Engine) async throws {
        var recipe = GatewayRecipe(engine: engine)
        recipe.loops = 2
        try await withGateway(recipe, .numbered) { gateway, _ in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let stream = number.isMultiple(of: 2)
                        return try await gateway.chat(
                            #"{"stream":\#(stream),"messages":[\#(Self.user("q\(number)"))]}"#,
                            fields: Self.session
                        ).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            let messages = try gateway.messages("s")
            #expect(messages.count == 40)
            for round in 1...20 {
                let roles = messages.filter { $0.round == round }.map(\.message.role)
                #expect(roles == [.user, .assistant])
            }
            let questions = Set(
                messages.filter { $0.message.role == .user }.map { String(buffer: $0.message.body) })
            #expect(questions.count == 20)
        }
    }
}
