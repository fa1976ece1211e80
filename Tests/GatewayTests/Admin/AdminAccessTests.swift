import GatewayAssembly
import GatewayTesting
import NIOCore
import Testing

@Suite("Who may call the admin listener", .timeLimit(.minutes(15)))
struct AdminAccessTests {
    private static let call = "/admin/v1/plugins"

    @Test("Without the token a call is 401 in OpenAI's shape, with it 200")
    func token() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            for wrong in ["wrong", gateway.gateway.adminToken.text + "x", "ä"] {
                let reply = try await gateway.admin("GET", Self.call, showing: .other(wrong))
                try reply.expectError(401, "invalid_admin_token")
                #expect(reply["WWW-Authenticate"] == "Bearer")
            }
            for none in [TestGateway.AdminCredential.nothing, .other("")] {
                let reply = try await gateway.admin("GET", Self.call, showing: none)
                try reply.expectError(401, "missing_admin_token")
            }
            let basic = "Authorization: Basic \(gateway.gateway.adminToken.text)\r\n"
            let other = try await gateway.admin("GET", Self.call, fields: basic, showing: .nothing)
            try other.expectError(401, "missing_admin_token")
            let unknown = try await gateway.admin("GET", "/admin/v1/nothing", showing: .nothing)
            try unknown.expectError(401, "missing_admin_token")
            #expect(try await gateway.admin("GET", Self.call).status == 200)
        }
    }

    @Test("The settings' token counts where they give one")
    func ownToken() async throws {
        var recipe = GatewayRecipe(gateway: #""adminToken":"$env:TOKEN""#)
        recipe.variables = ["TOKEN": "a-token-of-my-own"]
        try await withGateway(recipe, .numbered) { gateway, _ in
            let reply = try await gateway.admin("GET", Self.call, showing: .other("a-token-of-my-own"))
            #expect(reply.status == 200)
            #expect(gateway.gateway.adminToken.source == .settings("$env:TOKEN"))
        }
    }

    @Test("Probes and scrapers need no token", arguments: ["/healthz", "/readyz", "/metrics"])
    func open(path: String) async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            let reply = try await gateway.admin("GET", path, showing: .nothing)
            #expect(reply.status == 200)
        }
    }

    @Test(
        "A Host that a page could have pointed here is 421 on every path",
        arguments: ["/healthz", "/metrics", call])
    func host(path: String) async throws {
        try await withGateway(GatewayRecipe(gateway: #""hosts":["box.example"]"#), .numbered) { gateway, _ in
            let token = gateway.gateway.adminToken.text
            for (host, status) in [
                ("evil.example", 421), ("localhost.evil.example:1", 421), ("localhost:1", 200),
                ("[::1]", 200), ("10.1.2.3:80", 200), ("box.example", 200),
            ] {
                let client = try await WireConnection.connect(to: gateway.gateway.adminPort)
                try await client.send(
                    "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nAuthorization: Bearer \(token)\r\n\r\n")
                let reply = try await client.next()
                if status == 421 { try reply.expectError(421, "host_not_allowed") }
                #expect(reply.status == status, "\(host)")
                await client.close()
            }
            let twice = try await gateway.admin("GET", path, fields: "Host: evil.example\r\n")
            #expect(twice.status == 421)
        }
    }

    @Test("Pages of other origins are 403, loopback ones too, and nothing answers CORS")
    func origin() async throws {
        try await withGateway(GatewayRecipe(gateway: #""origins":["https://a.example"]"#), .numbered) {
            gateway, _ in
            for origin in ["https://a.example", "http://127.0.0.1:1", "http://localhost", "null"] {
                let reply = try await gateway.admin("GET", Self.call, fields: "Origin: \(origin)\r\n")
                try reply.expectError(403, "origin_not_allowed")
                #expect(reply.fields.allSatisfy { !$0.name.lowercased().hasPrefix("access-control-") })
            }
            let preflight = "Origin: http://a.example\r\nAccess-Control-Request-Method: GET\r\n"
            try await gateway.admin("OPTIONS", Self.call, fields: preflight)
                .expectError(403, "origin_not_allowed")
            let own = try await gateway.admin("GET", Self.call, fields: "Origin: http://127.0.0.1\r\n")
            #expect(own.status == 200)
            #expect(own["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test("An unknown path is 404, a method that a path does not know 405 with those it does")
    func routes() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            for path in ["/", "/admin/v1", "/admin/v1/nothing", "/v1/models", "/admin/v1/exchange"] {
                try await gateway.admin("GET", path).expectError(404, "not_found")
            }
            let plugins = try await gateway.admin("DELETE", Self.call)
            try plugins.expectError(405, "method_not_allowed")
            #expect(plugins["Allow"] == "GET, HEAD")
            let reload = try await gateway.admin("GET", "/admin/v1/reload")
            try reload.expectError(405, "method_not_allowed")
            #expect(reload["Allow"] == "POST")
            let head = try await gateway.admin("HEAD", Self.call)
            #expect(head.status == 200 && head.body.readableBytes == 0)
        }
    }

    @Test("One admin address for two gateways: the second says which flag chooses another")
    func takenPort() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, upstream in
            var recipe = GatewayRecipe()
            recipe.admin = "127.0.0.1:\(gateway.gateway.adminPort)"
            await #expect {
                try await withGateway(recipe, upstreamPort: upstream.port) { _ in }
            } throws: { error in
                "\(error)".contains("listening on \(recipe.admin)") && "\(error)".contains("--admin")
            }
        }
    }
}
