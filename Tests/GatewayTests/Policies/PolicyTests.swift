import GatewayTesting
import Testing

@Suite("Policies: which one holds, and what it changes", .timeLimit(.minutes(15)))
struct PolicyTests {
    private static let recipe: GatewayRecipe = {
        var recipe = GatewayRecipe()
        recipe.policies =
            #","bot":{"plugins":{"recent-window":{"rounds":1}}},"bare":{"context":{"maxTokens":0}}"#
        return recipe
    }()

    /// Three rounds of session `s`.
    private static func talk(_ gateway: TestGateway) async throws {
        for number in 0..<3 {
            _ = try await gateway.chat(Turns.body(Turns.user("q\(number)")), fields: Turns.session)
        }
    }

    private static func window(_ reply: WireMessage) -> String? {
        reply["X-Memory-Injected"]?.split(separator: ", ").first { $0.hasPrefix("window=") }.map(String.init)
    }

    @Test(
        "URL, header and body choose one, in this order; the default holds without",
        arguments: [
            ("/v1", "", "", "window=3"), ("/p/bot/v1", "", "", "window=1"),
            ("/v1", "X-Memory-Policy: bot\r\n", "", "window=1"),
            ("/v1", "", #""memory":{"policy":"bot"},"#, "window=1"),
            ("/p/bot/v1", "X-Memory-Policy: default\r\n", #""memory":{"policy":"default"},"#, "window=1"),
            ("/v1", "X-Memory-Policy: bot\r\n", #""memory":{"policy":"default"},"#, "window=1"),
            ("/p/buffer/v1", "", "", "window=3"),
        ])
    func choice(base: String, fields: String, member: String, window: String) async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, _ in
            try await Self.talk(gateway)
            let reply = try await gateway.chat(
                "{\(member)" + Turns.body(Turns.user("now")).dropFirst(), path: base + "/chat/completions",
                fields: Turns.session + fields)
            #expect(reply.status == 200)
            #expect(Self.window(reply) == window)
        }
    }

    @Test("A policy that leaves no room adds nothing, and says so")
    func noRoom() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            try await Self.talk(gateway)
            let body = Turns.body(Turns.user("now"))
            let reply = try await gateway.chat(
                body, path: "/p/bare/v1/chat/completions", fields: Turns.session)
            #expect(reply["X-Memory-Status"] == "skipped; reason=budget")
            #expect(reply["X-Memory-Injected"] == "standing=0, window=0, recall=0, tokens=0")
            #expect(upstream.requests.last?.text == body)
            let messages = try gateway.messages("s")
            #expect(messages.count == 8)
        }
    }

    @Test("Without plugins in the chain nothing is added; a preset brings those it needs")
    func emptyChain() async throws {
        var recipe = Self.recipe
        recipe.chain = "[]"
        recipe.policies = #","own":{"preset":"buffer"}"#
        try await withGateway(recipe, .numbered) { gateway, upstream in
            try await Self.talk(gateway)
            let plain = try await gateway.chat(Turns.body(Turns.user("now")), fields: Turns.session)
            #expect(Self.window(plain) == "window=0")
            #expect(plain["X-Memory-Status"] == "ok")
            let own = try await gateway.chat(
                Turns.body(Turns.user("then")), path: "/p/own/v1/chat/completions", fields: Turns.session)
            #expect(Self.window(own) == "window=4")
        }
    }

    @Test(
        "A plugin applies where its condition says",
        arguments: [
            (#""models":["m*"]"#, "m-1", "window=1"), (#""models":["m*"]"#, "n", "window=0"),
            (#""paths":["/v1/chat/*"]"#, "m", "window=1"), (#""paths":["/v1/responses"]"#, "m", "window=0"),
            (#""policies":["default"]"#, "m", "window=1"), (#""policies":["buffer"]"#, "m", "window=0"),
            (#""policies":["default"],"models":["x"]"#, "m", "window=0"),
        ])
    func condition(when: String, model: String, window: String) async throws {
        var recipe = GatewayRecipe()
        recipe.chain = #"[{"use":"recent-window","when":{\#(when)}}]"#
        try await withGateway(recipe, .numbered) { gateway, _ in
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            let body = #"{"model":"\#(model)","# + Turns.body(Turns.later).dropFirst()
            let reply = try await gateway.chat(body, fields: Turns.session)
            #expect(Self.window(reply) == window)
        }
    }

    @Test(
        "A request may say how many messages its window holds, from 5 to 200",
        arguments: [(1, "window=2"), (6, "window=3"), (9, "window=4"), (1000, "window=5")])
    func ownWindow(messages: Int, window: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            for number in 0..<5 {
                _ = try await gateway.chat(Turns.body(Turns.user("q\(number)")), fields: Turns.session)
            }
            let body = #"{"memory":{"window":\#(messages)},"# + Turns.body(Turns.user("now")).dropFirst()
            let reply = try await gateway.chat(body, fields: Turns.session)
            #expect(Self.window(reply) == window)
        }
    }

    @Test("What clients send of a conversation can be said")
    func history() async throws {
        var recipe = GatewayRecipe()
        recipe.policies =
            #","full":{"session":{"history":"full"}},"newest":{"session":{"history":"newest"}}"#
        try await withGateway(recipe, .numbered) { gateway, upstream in
            _ = try await gateway.chat(Turns.body(Turns.user("one")), fields: Turns.session)
            let full = try await gateway.chat(
                Turns.body(Turns.user("two")), path: "/p/full/v1/chat/completions", fields: Turns.session)
            #expect(Self.window(full) == "window=0")
            // What the client shows by itself is not shown twice.
            let shown = [Turns.user("one"), Turns.assistant("a0"), Turns.user("three")]
            let newest = try await gateway.chat(
                Turns.body(shown.joined(separator: ",")), path: "/p/newest/v1/chat/completions",
                fields: Turns.session)
            #expect(Self.window(newest) == "window=1")
            let sent = try #require(upstream.requests.last?.text)
            #expect(sent.ranges(of: #""one""#).count == 1)
            #expect(sent.contains(#""two""#) && sent.contains(#""three""#))
        }
    }
}
