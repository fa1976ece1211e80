import GatewayAssembly
import GatewayTesting
import MemoryStore
import Testing

@Suite("Health and readiness", .timeLimit(.minutes(15)))
struct AdminProbeTests {
    @Test("A gateway that serves is healthy and ready; an upstream that was not asked yet is unknown")
    func ready() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            let health = try await gateway.admin("GET", "/healthz")
            #expect(health.text == #"{"status":"ok"}"#)
            let before = try await gateway.admin("GET", "/readyz")
            #expect(before.text == #"{"status":"ok","store":"ok","upstreams":{"main":"unknown"}}"#)
            _ = try await gateway.chat(Turns.body())
            let after = try await gateway.admin("GET", "/readyz")
            #expect(after.text == #"{"status":"ok","store":"ok","upstreams":{"main":"ok"}}"#)
        }
    }

    @Test("A model server that is not reached is told, and makes the gateway no less ready")
    func deadUpstream() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withGateway(upstreamPort: dead.port) { gateway in
            #expect(try await gateway.chat(Turns.body()).status == 502)
            let reply = try await gateway.admin("GET", "/readyz")
            #expect(reply.status == 200)
            #expect(reply.text == #"{"status":"ok","store":"ok","upstreams":{"main":"unreachable"}}"#)
            #expect(try await gateway.send("GET", "/v1/models").status == 502)
        }
    }

    @Test("A store that fails to write makes it unready, until it writes again")
    func failingStore() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            gateway.storage.fail(StoreError(.full, "no room"))
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            let full = try await gateway.admin("GET", "/readyz")
            #expect(full.status == 503)
            #expect(
                full.text == #"{"status":"unavailable","store":"store-full","upstreams":{"main":"ok"}}"#)
            #expect(try await gateway.admin("GET", "/healthz").status == 200)
            try gateway.storage.open()
            _ = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            #expect(try await gateway.admin("GET", "/readyz").status == 200)
        }
    }

    @Test("A store that cannot be read makes it unready, and a call that reads it 503")
    func closedStore() async throws {
        try await withGateway(GatewayRecipe(), .numbered) { gateway, _ in
            gateway.storage.close()
            let reply = try await gateway.admin("GET", "/readyz")
            #expect(reply.status == 503 && reply.text.contains(#""store":"unreadable""#))
            let id = String(repeating: "0", count: 32)
            try await gateway.admin("GET", "/admin/v1/exchanges/\(id)").expectError(503, "store_unavailable")
        }
    }

    @Test("A gateway that drains is healthy and not ready")
    func draining() async throws {
        let held = Watched(false)
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await held.until { $0 }
            try await connection.send(ModelReply.whole(ModelReply.completion("late")))
        }
        try await withGateway(GatewayRecipe(), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request())
            try await upstream.state.until { $0.requests.count == 1 }
            async let drained: Void = gateway.gateway.drain()
            try await gateway.eventually { try await gateway.admin("GET", "/readyz").status == 503 }
            #expect(try await gateway.admin("GET", "/readyz").text.contains(#""status":"draining""#))
            #expect(try await gateway.admin("GET", "/healthz").status == 200)
            held.update { $0 = true }
            #expect(try await client.next().status == 200)
            await client.close()
            await drained
        }
    }
}
