import GatewayTesting
import NIOCore
import Testing

@Suite("CORS", .timeLimit(.minutes(15)))
struct CrossOriginTests {
    private static let origin = "Origin: http://localhost:3000\r\n"
    private static let chat = #"{"messages":[{"role":"user","content":"hi"}]}"#

    @Test(
        "A preflight is answered here: what was asked for is allowed, on every path",
        arguments: ["/v1/chat/completions", "/v1/models", "/u/anna/v1/chat/completions", "/api/tags", "/"])
    func preflight(path: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            for method in ["POST", "DELETE"] {
                let fields =
                    Self.origin + "Access-Control-Request-Method: \(method)\r\n"
                    + "Access-Control-Request-Headers: authorization,x-session-id,x-stainless-os\r\n"
                try await client.send(TestGateway.request("OPTIONS", path, fields: fields))
                let reply = try await client.next()
                #expect(reply.status == 204)
                #expect(reply["Access-Control-Allow-Origin"] == "http://localhost:3000")
                #expect(reply["Access-Control-Allow-Methods"] == method)
                #expect(
                    reply["Access-Control-Allow-Headers"] == "authorization,x-session-id,x-stainless-os")
                #expect(reply["Access-Control-Max-Age"] != nil)
                #expect(reply["Access-Control-Allow-Private-Network"] == nil)
                #expect(reply.all("Vary") == ["Origin"])
                #expect(reply["Connection"] == nil)
                #expect(reply["Transfer-Encoding"] == nil)
            }
            #expect(upstream.accepted == 0)
        }
    }

    @Test("A page of the web may reach a private network's gateway if its origin may")
    func privateNetwork() async throws {
        let recipe = GatewayRecipe(gateway: #""origins":["https://chat.example.com"]"#)
        try await withGateway(recipe, .numbered) { gateway, _ in
            let reply = try await gateway.send(
                "OPTIONS", "/v1/chat/completions",
                fields: "Origin: https://chat.example.com\r\nAccess-Control-Request-Method: POST\r\n"
                    + "Access-Control-Request-Private-Network: true\r\n")
            #expect(reply["Access-Control-Allow-Private-Network"] == "true")
        }
    }

    @Test("OPTIONS that is no preflight is passed on")
    func ordinaryOptions() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            _ = try await gateway.send("OPTIONS", "/v1/models", fields: Self.origin)
            _ = try await gateway.send(
                "OPTIONS", "/v1/models", fields: "Access-Control-Request-Method: POST\r\n")
            #expect(upstream.requests.map(\.method) == ["OPTIONS", "OPTIONS"])
        }
    }

    @Test(
        "A page can read every field of ours; the upstream's CORS fields give way, its Vary stays",
        arguments: ["/v1/chat/completions", "/v1/embeddings"])
    func exposed(path: String) async throws {
        let theirs =
            "Access-Control-Allow-Origin: *\r\naccess-control-allow-credentials: true\r\n"
            + "Access-Control-Expose-Headers: X-Theirs\r\nVary: Accept\r\nX-Theirs: 1\r\n"
        let script = ScriptedUpstream.Script.always(
            ModelReply.whole(ModelReply.completion("a"), fields: theirs))
        try await withGateway(.init(), script) { gateway, _ in
            let reply = try await gateway.chat(Self.chat, path: path, fields: Self.origin)
            #expect(reply.all("Access-Control-Allow-Origin") == ["http://localhost:3000"])
            #expect(reply["Access-Control-Allow-Credentials"] == nil)
            #expect(reply.all("Vary").sorted() == ["Accept", "Origin"])
            #expect(reply["X-Theirs"] == "1")
            let exposed = try #require(reply.all("Access-Control-Expose-Headers").first).split(
                separator: ", ")
            let ours = [
                "X-Session-Id", "X-Memory-Session", "X-Memory-Status", "X-Memory-Injected", "X-Memory-State",
                "X-Memory-Exchange", "X-Memory-Budget", "Retry-After",
            ]
            for name in ours { #expect(exposed.contains { $0 == name }, "\(name)") }
        }
    }

    @Test(
        "Errors of ours can be read by the page that met them",
        arguments: [
            ("/v1/chat/completions", "{", 400), ("/v1/memory/x", "{}", 404), ("/v1/../x", "{}", 400),
            ("/s/%00/v1/chat/completions", chat, 400),
        ])
    func errors(path: String, body: String, status: Int) async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let reply = try await gateway.chat(body, path: path, fields: Self.origin)
            #expect(reply.status == status)
            #expect(reply.all("Access-Control-Allow-Origin") == ["http://localhost:3000"])
        }
    }

    @Test("A page can read that the upstream is dead")
    func deadUpstream() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withGateway(upstreamPort: dead.port) { gateway in
            for path in ["/v1/chat/completions", "/v1/embeddings"] {
                let reply = try await gateway.chat(Self.chat, path: path, fields: Self.origin)
                #expect(reply.status == 502)
                #expect(reply.all("Access-Control-Allow-Origin") == ["http://localhost:3000"])
            }
        }
    }
}
