import GatewayTesting
import NIOCore
import Testing

@Suite("Under which names the gateway may be called", .timeLimit(.minutes(15)))
struct HostTests {
    private static let recipe = GatewayRecipe(gateway: #""hosts":["gateway.example.com"]"#)
    private static let good = [
        "127.0.0.1", "127.0.0.1:8787", "localhost", "LocalHost:8787", "[::1]", "[::1]:8787", "192.168.1.7:80",
        "203.0.113.9", "[2001:db8::1]:8787", "mybox", "mybox:8787", "app.localhost",
        "host.docker.internal:8787",
        "gateway.example.com", "Gateway.Example.Com:443",
    ]
    private static let bad = [
        "evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example",
        "xhost.docker.internal", "host.docker.internal.evil.example", "gateway.example.com.evil.example",
        "sub.gateway.example.com", "user@localhost", "localhost/x", "[evil.example]", "[::1", "", "127.1",
        "0x7f.1", "evil.example.",
    ]

    @Test("Addresses, names without a dot, local names and listed ones are served", arguments: good)
    func served(host: String) async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            let reply = try await gateway.send("GET /v1/models HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            #expect(reply.status == 200)
            #expect(upstream.requests.first?["Host"] == "127.0.0.1:\(upstream.port)")
        }
    }

    @Test(
        "Names that a page could have pointed at this machine get 421, on every path",
        arguments: bad)
    func refused(host: String) async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            for path in ["/v1/models", "/v1/chat/completions", "/"] {
                let reply = try await gateway.send(
                    "POST \(path) HTTP/1.1\r\nHost: \(host)\r\nContent-Length: 2\r\n\r\n{}")
                try reply.expectError(421, "host_not_allowed")
            }
            _ = try await gateway.log.line(with: "code=host_not_allowed")
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A rebound name is refused although the page's origin has that name too, preflight included")
    func rebound() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            let fields = "Host: evil.example:8787\r\nOrigin: http://localhost:8787\r\n"
            for line in [
                "OPTIONS /v1/models HTTP/1.1\r\nAccess-Control-Request-Method: GET\r\n",
                "GET /v1/models HTTP/1.1\r\n",
            ] {
                try await gateway.send(line + fields + "\r\n").expectError(421, "host_not_allowed")
            }
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("Two Host fields are refused")
    func two() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            let reply = try await gateway.send(
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
            #expect((400..<500).contains(reply.status))
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A request of HTTP/1.0 needs no Host")
    func none() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, _ in
            let reply = try await gateway.send("GET /v1/models HTTP/1.0\r\n\r\n")
            #expect(reply.status == 200)
        }
    }
}
