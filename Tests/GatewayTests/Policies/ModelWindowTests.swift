import GatewayTesting
import Testing

@Suite("How much a model takes, asked of its server", .timeLimit(.minutes(15)))
struct ModelWindowTests {
    private static let long = String(repeating: "abcd", count: 1200)

    private static func body(_ text: String) -> String {
        #"{"model":"m","# + Turns.body(Turns.user(text)).dropFirst()
    }

    private static func answering(_ path: String, _ body: String) -> ScriptedUpstream.Script {
        .requests { request, number, connection in
            let answer =
                request.method == "POST"
                ? ModelReply.completion("a\(number)") : request.target == path ? body : nil
            try await connection.send(
                answer.map { ModelReply.whole($0) } ?? "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
        }
    }

    @Test(
        "Once a conversation grows its server is asked, and the window grows with what it has loaded",
        arguments: [
            ("/props", #"{"default_generation_settings":{"n_ctx":16384}}"#),
            ("/v1/models", #"{"object":"list","data":[{"id":"m","max_model_len":16384}]}"#),
            ("/api/v0/models", #"{"data":[{"id":"m","loaded_context_length":16384}]}"#),
            ("/api/ps", #"{"models":[{"name":"m:latest","context_length":16384}]}"#),
        ])
    func loaded(path: String, body: String) async throws {
        let recipe = GatewayRecipe(upstream: #""key":"$env:KEY""#)
        var keyed = recipe
        keyed.variables["KEY"] = "own"
        try await withGateway(keyed, Self.answering(path, body)) { gateway, upstream in
            let fields = Turns.session + "Authorization: Bearer the-clients\r\n"
            for number in 0..<2 {
                _ = try await gateway.chat(Self.body("\(number)" + Self.long), fields: fields)
            }
            try await upstream.state.until { $0.requests.count { $0.method == "GET" } == 4 }
            let asked = upstream.requests.filter { $0.method == "GET" }
            #expect(Set(asked.map(\.target)) == ["/props", "/v1/models", "/api/v0/models", "/api/ps"])
            #expect(asked.allSatisfy { $0["Authorization"] == "Bearer own" })
            // Three such rounds beside a question of their kind are more than an unknown window takes.
            var number = 2
            try await gateway.eventually {
                number += 1
                let reply = try await gateway.chat(Self.body("\(number)" + Self.long), fields: fields)
                return reply["X-Memory-Injected"]?.contains("window=3,") == true
            }
            #expect(upstream.requests.count { $0.method == "GET" } == 4)
        }
    }

    @Test("Short conversations, and models whose window the settings name, ask nothing")
    func notAsked() async throws {
        let script = Self.answering("/props", "{}")
        try await withGateway(.init(), script) { gateway, upstream in
            for number in 0..<3 {
                _ = try await gateway.chat(Self.body("q\(number)"), fields: Turns.session)
            }
            #expect(upstream.requests.allSatisfy { $0.method == "POST" })
        }
        let set = GatewayRecipe(upstream: #""contextTokens":{"m":16384}"#)
        try await withGateway(set, script) { gateway, upstream in
            for number in 0..<3 {
                _ = try await gateway.chat(Self.body("\(number)" + Self.long), fields: Turns.session)
            }
            #expect(upstream.requests.allSatisfy { $0.method == "POST" })
            #expect(upstream.requests.last?.text.contains(#""0abcd"#) == true)
        }
    }
}
