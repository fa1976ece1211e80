import GatewayTesting
import NIOCore
import Testing

@Suite("Upstreams behind a proxy", .timeLimit(.minutes(15)))
struct ProxyTests {
    @Test("A plain upstream is asked for through its proxy, in absolute form")
    func forwarded() async throws {
        let answer = ModelReply.whole(ModelReply.completion("a"), fields: "X-Proxied: 1\r\n")
        try await withUpstream(.always(answer)) { proxy in
            let dead = try DeadPort()
            defer { dead.close() }
            let recipe = GatewayRecipe(upstream: #""proxy":"http://127.0.0.1:\#(proxy.port)""#)
            try await withGateway(recipe, upstreamPort: dead.port) { gateway in
                let reply = try await gateway.chat(Turns.body(), fields: Turns.session)
                #expect(reply.text == ModelReply.completion("a"))
                #expect(reply["X-Proxied"] == "1")
                _ = try await gateway.send("GET", "/v1/models?x=1")
                let origin = "http://127.0.0.1:\(dead.port)"
                #expect(
                    proxy.requests.map(\.target) == [
                        "\(origin)/v1/chat/completions", "\(origin)/v1/models?x=1",
                    ])
                #expect(proxy.requests.first?["Host"] == "127.0.0.1:\(dead.port)")
                #expect(proxy.accepted == 1)
                #expect(try gateway.messages("s").count == 2)
            }
        }
    }

    @Test("A proxy is given the name and password of its URL, and nobody else is")
    func password() async throws {
        try await withUpstream(.always(ModelReply.whole("{}"))) { proxy in
            let dead = try DeadPort()
            defer { dead.close() }
            var recipe = GatewayRecipe(upstream: #""proxy":"$env:PROXY""#)
            recipe.variables["PROXY"] = "http://us%40er:p%3Aw@127.0.0.1:\(proxy.port)"
            try await withGateway(recipe, upstreamPort: dead.port) { gateway in
                let reply = try await gateway.send(
                    "GET", "/v1/models", fields: "Proxy-Authorization: Basic eDp5\r\n")
                #expect(reply.text == "{}")
                let asked = try #require(proxy.requests.first)
                #expect(asked["Proxy-Authorization"] == "Basic dXNAZXI6cDp3")
                #expect(asked["Authorization"] == nil)
                #expect(gateway.log.lines.look { $0.allSatisfy { !"\($0)".contains("p%3Aw") } })
            }
        }
    }

    @Test("A dead proxy is 502")
    func dead() async throws {
        let dead = try DeadPort()
        defer { dead.close() }
        let recipe = GatewayRecipe(upstream: #""proxy":"http://127.0.0.1:\#(dead.port)""#)
        try await withUpstream(.numbered) { upstream in
            try await withGateway(recipe, upstreamPort: upstream.port) { gateway in
                try await gateway.chat(Turns.body()).expectError(502, "upstream_unreachable")
                #expect(upstream.accepted == 0)
            }
        }
    }
}

extension ScriptedUpstream.Script {
    /// A proxy that opens every tunnel it is asked for to a port of this machine.
    static func tunnel(to port: Int) -> Self {
        .connections { client, _ in
            let asked = try await client.next()
            let server = try await WireConnection.connect(to: port)
            try await client.send("HTTP/1.1 200 Connected\r\n\r\n")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await pump(from: client, skipping: asked.head.utf8.count + 4, to: server)
                }
                group.addTask { try await pump(from: server, skipping: 0, to: client) }
                try await group.next()
                group.cancelAll()
            }
        }
    }

    /// Passes bytes on as they come, until the connection ends.
    private static func pump(
        from source: WireConnection, skipping: Int, to target: WireConnection
    ) async throws {
        var passed = skipping
        while true {
            let from = passed
            let bytes = try await source.state.value { state -> ByteBuffer? in
                let count = state.raw.writerIndex - from
                if count > 0 { return state.raw.getSlice(at: from, length: count) }
                return state.isClosed ? ByteBuffer() : nil
            }
            guard bytes.readableBytes > 0 else { return await target.close() }
            passed += bytes.readableBytes
            try await target.send(bytes)
        }
    }
}
