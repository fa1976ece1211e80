import GatewayAssembly
import GatewayTesting
import MemoryCore
import NIOCore
import PluginInterface
import StandardPlugins
import Testing

@Suite("Plugins in the chain, and what becomes of those that fail", .timeLimit(.minutes(15)))
struct PluginChainTests {
    private static func recipe(_ chain: String) -> GatewayRecipe {
        var recipe = GatewayRecipe()
        recipe.chain = "[\(chain)]"
        recipe.plugins = .standard.adding([
            RoundCounter.self, Failing.self, Waiting.self, Doorkeeper.self,
        ])
        return recipe
    }

    private static let anna = Turns.session + "X-User-Id: anna\r\n"

    /// The question with a note behind it, in its fence, as it goes up.
    private static func content(_ upstream: ScriptedUpstream) -> String {
        upstream.requests.last?.text ?? ""
    }

    @Test("The sample plugin of the documents counts exchanges, tells the model, and keeps its count")
    func sample() async throws {
        let recipe = Self.recipe(
            #"{"use":"round-counter","settings":{"every":2}},{"use":"recent-window"}"#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            for number in 1...5 {
                let body = Turns.body(Turns.user("q\(number)"))
                let reply = try await gateway.chat(body, fields: Self.anna)
                #expect(reply["X-Memory-Status"] == "ok")
            }
            let sent = upstream.requests.map(\.text)
            #expect(!sent[0].contains("exchange") && sent[1].contains("This is exchange 2 with this person."))
            // A note stays with its question for as long as that one is sent.
            #expect(sent[2].contains("exchange 2") && sent[4].contains("exchange 4"))
            #expect(sent[4].contains("exchange 2") && !sent[4].contains("exchange 3"))
            let owner = SessionOwner(tenant: "local", .user, "anna")
            let count = try gateway.storage.value("count", of: "round-counter", owner: owner)
            #expect(count == Array("5".utf8))
            // What people said is kept as they said it.
            #expect(
                try gateway.messages("s", user: "anna").allSatisfy { message in
                    !String(buffer: message.message.body).contains("exchange")
                })
        }
    }

    @Test(
        "A plugin that throws or takes too long is left out, counted and named; the chat goes on",
        arguments: ["standing", "turn", "admit", "slow"])
    func leftOut(place: String) async throws {
        let recipe = Self.recipe(
            #"{"use":"failing","settings":{"at":"\#(place)"},"timeout":"5ms"},{"use":"recent-window"}"#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            _ = try await gateway.chat(Turns.body(), fields: Self.anna)
            let reply = try await gateway.chat(Turns.body(Turns.later), fields: Self.anna)
            #expect(reply.status == 200)
            #expect(reply["X-Memory-Injected"]?.contains("window=1") == true)
            let sent = Self.content(upstream)
            #expect(sent.contains("standing of failing") == (place != "standing"))
            #expect(sent.contains("note of failing") == !["turn", "slow"].contains(place))
            #expect(!sent.contains("too late"))
            #expect(reply["X-Memory-Status"] == "degraded; reason=plugin")
            let line = try await gateway.log.line(with: "plugin left out")
            #expect(line.contains("failing"))
            #expect(gateway.gateway.pluginFailures(of: "failing") > 0)
            #expect(try gateway.messages("s", user: "anna").count == 4)
        }
    }

    @Test(
        "Where a plugin may not be left out, its failure refuses the request",
        arguments: ["standing", "turn", "admit"])
    func reject(place: String) async throws {
        let recipe = Self.recipe(
            #"{"use":"failing","settings":{"at":"\#(place)"},"onError":"reject"}"#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            let reply = try await gateway.chat(Turns.body(), fields: Self.anna)
            try reply.expectError(503, "plugin_failed")
            #expect(reply["X-Memory-Status"] == "skipped; reason=error")
            #expect(upstream.requests.isEmpty)
            #expect(try gateway.messages("s", user: "anna").isEmpty)
        }
    }

    @Test("A plugin that has to wait is awaited; one that is late or fails is left out")
    func awaited() async throws {
        try await withGateway(Self.recipe(#"{"use":"waiting"}"#), .numbered) { gateway, upstream in
            let quick = try await gateway.chat(Turns.body(Turns.user("quick")), fields: Self.anna)
            #expect(quick["X-Memory-Status"] == "ok")
            #expect(Self.content(upstream).contains("recalled for quick"))
            let failing = try await gateway.chat(Turns.body(Turns.user("fail")), fields: Self.anna)
            #expect(failing["X-Memory-Status"] == "degraded; reason=plugin")
            #expect(!Self.content(upstream).contains("recalled"))
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.anna, body: Turns.body(Turns.user("slow"))))
            try await gateway.time.advance(in: .milliseconds(10)) { upstream.requests.count == 3 }
            let slow = try await client.next()
            #expect(slow["X-Memory-Status"] == "degraded; reason=plugin")
            #expect(!Self.content(upstream).contains("recalled"))
            Waiting.gate.update { $0 = true }
        }
    }

    @Test("A plugin may refuse a request, and add fields for the model server")
    func doorkeeper() async throws {
        try await withGateway(Self.recipe(#"{"use":"doorkeeper"}"#), .numbered) { gateway, upstream in
            let body = #"{"model":"forbidden","# + Turns.body().dropFirst()
            let refused = try await gateway.chat(body, fields: "X-Memory-Mode: off\r\n")
            try refused.expectError(429, "model_budget")
            #expect(refused["Retry-After"] == "7")
            _ = try await gateway.chat(Turns.body(), fields: Self.anna)
            _ = try await gateway.chat(Turns.body())
            #expect(upstream.requests.map { $0["X-Door"] } == ["named", "nobody"])
        }
    }
}
