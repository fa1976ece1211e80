import GatewayTesting
import NIOCore
import NIOPosix
import Testing

@Suite("Upstreams that cannot be reached", .timeLimit(.minutes(15)))
struct UnreachableTests {
    @Test(
        "A dead upstream is 502, plain and streamed; the question is kept as failed",
        arguments: [true, false])
    func dead(isStream: Bool) async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withGateway(upstreamPort: dead.port) { gateway in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send(Turns.request(stream: isStream))
                let reply = try await client.next()
                try reply.expectError(502, "upstream_unreachable")
                #expect(reply["X-Session-Id"] == "s")
                #expect(reply["X-Memory-Status"] == "ok")
                #expect(reply["X-Memory-Exchange"] != nil)
            }
            _ = try await gateway.log.line(with: "upstream failed")
            try await gateway.storage.settled(2)
            let failed = "- failed \(Turns.question)"
            #expect(try gateway.transcript("s") == [failed, failed])
        }
    }

    @Test("A dead upstream is 502 on transparent paths too, with and without a body")
    func deadTransparent() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        try await withGateway(upstreamPort: dead.port) { gateway in
            let client = try await gateway.connect()
            for body in [nil, "{}", String(repeating: "x", count: 1_000_000)] {
                try await client.send(TestGateway.request("POST", "/v1/files", body: body))
                let reply = try await client.next()
                try reply.expectError(502, "upstream_unreachable")
                #expect(reply["X-Memory-Status"] == nil)
                if reply["Connection"] == "close" { break }
            }
        }
    }

    @Test("A name that leads nowhere is 502")
    func unresolvable() async throws {
        var recipe = GatewayRecipe()
        recipe.origin = "http://nothing.invalid"
        try await withGateway(recipe, upstreamPort: 80) { gateway in
            try await gateway.chat(Turns.body(), fields: Turns.session)
                .expectError(502, "upstream_unreachable")
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == ["- failed \(Turns.question)"])
        }
    }

    @Test("An upstream that takes no connection is 504 after connectTimeout")
    func connectTimeout() async throws {
        // A listener that never accepts, its queue of one already full: the system answers no further client.
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 0)
            .serverChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = listener.localAddress?.port ?? 0
        let filler = try await WireConnection.connect(to: port)
        let recipe = GatewayRecipe(upstream: #""connectTimeout":"50ms""#)
        try await withGateway(recipe, upstreamPort: port) { gateway in
            try await gateway.chat(Turns.body(), fields: Turns.session).expectError(504, "upstream_timeout")
            try await gateway.send("GET", "/v1/models").expectError(504, "upstream_timeout")
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == ["- failed \(Turns.question)"])
        }
        await filler.close()
        try await listener.close()
    }
}
