import GatewayAssembly
import GatewaySettings
import GatewayTesting
import Testing

@Suite("Reload: the whole new chain or the old one", .timeLimit(.minutes(15)))
struct ReloadTests {
    private static func recipe(_ rounds: Int, drain: String = "30s", durability: String = "acknowledged")
        -> GatewayRecipe
    {
        var recipe = GatewayRecipe(gateway: #""drain":"\#(drain)","durability":"\#(durability)""#)
        recipe.chain = #"[{"use":"recent-window","settings":{"rounds":\#(rounds)}}]"#
        return recipe
    }

    private static func reload(
        _ gateway: TestGateway, _ recipe: GatewayRecipe, _ upstream: ScriptedUpstream
    ) async {
        await gateway.gateway.reload { () async throws(ConfigurationFaults) in
            try recipe.configuration(upstreamPort: upstream.port, folder: gateway.path)
        }
    }

    private static func window(_ reply: WireMessage) -> String? {
        reply["X-Memory-Injected"]?.split(separator: ", ").first { $0.hasPrefix("window=") }.map(String.init)
    }

    @Test("New settings hold for requests from then on, and a faulty file changes nothing")
    func swap() async throws {
        try await withGateway(Self.recipe(1), .numbered) { gateway, upstream in
            func ask(_ number: Int) async throws -> String? {
                let body = Turns.body(Turns.user("q\(number)"))
                return Self.window(try await gateway.chat(body, fields: Turns.session))
            }
            for number in 0..<3 { _ = try await ask(number) }
            let before = try await ask(3)
            #expect(before == "window=1")
            await Self.reload(gateway, Self.recipe(3), upstream)
            let after = try await ask(4)
            #expect(after == "window=3")
            await Self.reload(gateway, Self.recipe(-1), upstream)
            let kept = try await ask(5)
            #expect(kept == "window=3")
            let line = try await gateway.log.line(with: "settings not reloaded")
            #expect(line.contains("plugins[0].settings.rounds: found the number -1"))
        }
    }

    @Test("What needs a restart is named, and nothing else of that file holds")
    func restart() async throws {
        try await withGateway(Self.recipe(1), .numbered) { gateway, upstream in
            await Self.reload(gateway, Self.recipe(2, durability: "relaxed"), upstream)
            let line = try await gateway.log.line(with: "the same value until a restart")
            #expect(line.contains("gateway.durability"))
            for number in 0..<3 {
                let body = Turns.body(Turns.user("q\(number)"))
                let reply = try await gateway.chat(body, fields: Turns.session)
                #expect(Self.window(reply) == (number == 0 ? "window=0" : "window=1"))
            }
        }
    }

    @Test("A request under way goes on under the settings it began with, policies that are gone too")
    func underWay() async throws {
        var old = Self.recipe(1)
        old.policies = #","bot":{}"#
        try await withGateway(old, .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            let body = Turns.body()
            let request = TestGateway.request(
                "POST", "/p/bot/v1/chat/completions", fields: Turns.session, body: body)
            try await client.send(String(request.dropLast(5)))
            // Its head has been read once another connection is answered after it.
            _ = try await gateway.send("GET", "/v1/models")
            await Self.reload(gateway, Self.recipe(1), upstream)
            let gone = try await gateway.chat(body, path: "/p/bot/v1/chat/completions")
            try gone.expectError(400, "invalid_policy")
            try await client.send(String(request.suffix(5)))
            #expect(try await client.next().status == 200)
        }
    }

    @Test("Twenty reloads under load, half of them faulty: no request is lost, none meets half a chain")
    func underLoad() async throws {
        // The number of rounds goes with a field for the model server: they change together or not at all.
        func recipe(_ rounds: Int) -> GatewayRecipe {
            var recipe = Self.recipe(rounds)
            recipe.upstream = #""headers":{"X-Rounds":"\#(rounds)"}"#
            return recipe
        }
        let echo = ScriptedUpstream.Script.requests { request, _, connection in
            let rounds = request["X-Rounds"] ?? "none"
            try await connection.send(ModelReply.whole(ModelReply.completion(rounds)))
        }
        try await withGateway(recipe(1), echo) { gateway, upstream in
            for number in 0..<5 {
                _ = try await gateway.chat(Turns.body(Turns.user("q\(number)")), fields: Turns.session)
            }
            let isOver = Watched(false)
            let answered = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        var count = 0
                        while !isOver.look({ $0 }) {
                            let body = Turns.body(Turns.user("w\(worker)-\(count)"))
                            let fields = Turns.session + "X-Memory-Mode: read\r\n"
                            let reply = try await gateway.chat(body, fields: fields)
                            #expect(reply.status == 200)
                            let window = Self.window(reply)?.dropFirst("window=".count) ?? "none"
                            #expect(reply.text.contains(#""content":"\#(window)""#))
                            count += 1
                        }
                        return count
                    }
                }
                for number in 0..<20 {
                    let isFaulty = number.isMultiple(of: 2)
                    await Self.reload(gateway, isFaulty ? recipe(-1) : recipe(1 + number % 5), upstream)
                    let seen = upstream.requests.count
                    try await upstream.state.until { $0.requests.count > seen + 20 }
                }
                isOver.update { $0 = true }
                return try await group.reduce(0, +)
            }
            #expect(answered > 200)
        }
    }
}
