import GatewayTesting
import Testing

@Suite("Which target the upstream sees", .timeLimit(.minutes(15)))
struct PathTests {
    @Test(
        "Paths with /v1 and OpenAI's own names without it go below the base, all others below it without /v1",
        arguments: [
            ("/v1/models", "/v1/models"), ("/models", "/v1/models"), ("/v1/models/a%2Fb", "/v1/models/a%2Fb"),
            ("/models?x=1&y=%20", "/v1/models?x=1&y=%20"), ("/embeddings", "/v1/embeddings"),
            ("/audio/speech", "/v1/audio/speech"), ("/v1/whatever/else", "/v1/whatever/else"), ("/v1", "/v1"),
            ("/v1/", "/v1/"), ("/", "/"), ("/?a", "/?a"), ("/api/tags", "/api/tags"), ("/props", "/props"),
            ("/health", "/health"), ("/v1beta/models", "/v1beta/models"), ("/modelsx", "/modelsx"),
            ("//double//slash", "//double//slash"), ("/v1/a//b", "/v1/a//b"),
            ("/v1/files/a.b..c", "/v1/files/a.b..c"),
            ("/v1/x?path=/../y", "/v1/x?path=/../y"), ("/u/anna/v1/models", "/v1/models"),
            ("/u/anna/p/default/s/x/v1/models?q", "/v1/models?q"), ("/u/a%2Fb/api/tags", "/api/tags"),
            ("/v1/models/%E4%BD%A0?q=%2F", "/v1/models/%E4%BD%A0?q=%2F"),
        ])
    func target(given: String, expected: String) async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let reply = try await gateway.send("GET", given)
            #expect(reply.status == 200)
            #expect(upstream.requests.map(\.target) == [expected])
        }
    }

    @Test("An upstream whose base has no path gets OpenAI's names at its root")
    func baseWithoutPath() async throws {
        try await withGateway(.init(base: ""), .always(ModelReply.whole("{}"))) { gateway, upstream in
            for target in ["/v1/models", "/models", "/api/tags"] { _ = try await gateway.send("GET", target) }
            #expect(upstream.requests.map(\.target) == ["/models", "/models", "/api/tags"])
        }
    }

    @Test("A base that ends in something else than /v1 keeps its path for every request")
    func otherBase() async throws {
        try await withGateway(.init(base: "/openai/deployments/x"), .always(ModelReply.whole("{}"))) {
            gateway, upstream in
            for target in ["/v1/models", "/props"] { _ = try await gateway.send("GET", target) }
            #expect(
                upstream.requests.map(\.target)
                    == ["/openai/deployments/x/models", "/openai/deployments/x/props"])
        }
    }

    @Test(
        "Dot segments, encoded ones and absolute-form targets are refused and nothing goes up",
        arguments: [
            "/v1/../admin", "/..", "/.", "/v1/./models", "/v1/%2e%2e/x", "/v1/%2E%2E/x", "/v1/.%2e/x",
            "/v1/..%2fx",
            "/v1/..%2Fx", "/v1/%2e%2e%2fx", "/v1/a%2f..%2fb", "/v1/..%5cx", "/v1/x/..",
            "/u/anna/../v1/models",
            "http://evil.example/v1/models", "https://evil.example/", "*", "v1/models",
        ])
    func refusedTargets(target: String) async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let reply = try await gateway.send("GET", target)
            #expect(reply.status == 400)
            #expect(reply["Content-Type"] == "application/json")
            #expect(reply.text.contains(#""type":"invalid_request_error""#))
            #expect(upstream.requests.isEmpty)
        }
    }

    @Test("CONNECT is refused and the connection closed")
    func connect() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n")
            let reply = try await client.next()
            #expect((400..<500).contains(reply.status))
            #expect(reply["Connection"] == "close")
            try await client.ended()
            #expect(upstream.requests.isEmpty)
        }
    }

    @Test("A path under /v1/memory that this version does not serve is 404 and nothing goes up")
    func ownPaths() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let reply = try await gateway.send("GET", "/v1/memory/messages")
            #expect(reply.status == 404)
            #expect(reply.text.contains(#""code":"not_found""#))
            #expect(upstream.requests.isEmpty)
        }
    }
}
