import GatewayTesting
import Testing

@Suite("Exchanges on the admin side", .timeLimit(.minutes(15)))
struct AdminExchangeTests {
    @Test("An exchange is explained by the id that its reply named; members without a value are null")
    func exchange() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            let reply = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            let id = try #require(reply["X-Memory-Exchange"])
            let call = "/admin/v1/exchanges/\(id)"
            let exchange = try await gateway.admin("GET", call)
            #expect(exchange.status == 200)
            #expect(exchange["Cache-Control"] == "no-store")
            for member in [
                #""id":"\#(id)""#, #""session":"s""#, #""user":"default""#, #""round":2"#,
                #""path":"/v1/chat/completions""#, #""stream":false"#, #""policy":"default""#,
                #""resolution":{"how":"explicit","verdict":"newest-only","reason":null}"#,
                #""items":[{"type":"round","id":"1","score":null}]"#, #""status":200"#,
                #""outcome":"recorded","acknowledged":true"#,
            ] { #expect(exchange.text.contains(member), "\(member) in \(exchange.text)") }
            #expect(try await gateway.admin("GET", call + "?tenant=local").status == 200)
            try await gateway.admin("GET", call + "?tenant=other").expectError(404, "not_found")
        }
    }

    @Test(
        "What is no exchange is 404",
        arguments: [
            "0", "x%2Fy", "%FF", String(repeating: "a", count: 32), "+" + String(repeating: "a", count: 31),
        ])
    func unknown(id: String) async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            try await gateway.admin("GET", "/admin/v1/exchanges/\(id)").expectError(404, "not_found")
        }
    }

    @Test("A query that is no UTF-8 is 400 with the parameter's name")
    func query() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            let id = String(repeating: "a", count: 32)
            let reply = try await gateway.admin("GET", "/admin/v1/exchanges/\(id)?tenant=%FF")
            try reply.expectError(400, "invalid_parameter")
            #expect(reply.text.contains(#""param":"tenant""#))
        }
    }
}
