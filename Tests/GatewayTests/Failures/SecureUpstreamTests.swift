import GatewayTesting
import NIOCore
import Testing

@Suite("Upstreams behind TLS", .timeLimit(.minutes(15)))
struct SecureUpstreamTests {
    /// In front of a TLS server, trusting a certificate or the system's. Connecting may take as long as a
    /// busy machine needs for the handshake and for a proxy that is a task among hundreds.
    private static func recipe(_ members: String...) -> GatewayRecipe {
        let all = [#""connectTimeout":"10m""#] + members
        var recipe = GatewayRecipe(upstream: all.joined(separator: ","))
        recipe.origin = "https://127.0.0.1"
        return recipe
    }

    private static func trusting(_ upstream: SecureUpstream) -> String { #""ca":"\#(upstream.certificate)""# }

    @Test("A certificate that ca vouches for is trusted, and its connection used again")
    func trusted() async throws {
        try await withSecureUpstream(subject: "IP:127.0.0.1") { upstream in
            try await withGateway(Self.recipe(Self.trusting(upstream)), upstreamPort: upstream.port) {
                gateway in
                for number in 0..<2 {
                    async let reply = gateway.chat(
                        #"{"messages":[{"role":"user","content":"q\#(number)"}]}"#, fields: Turns.session)
                    try await upstream.hears("q\(number)\"}]}")
                    try upstream.send(ModelReply.whole(ModelReply.completion("a\(number)")))
                    #expect(try await reply.text == ModelReply.completion("a\(number)"))
                }
                #expect(try gateway.messages("s").count == 4)
            }
        }
    }

    @Test("A certificate that nobody vouches for is refused; nothing of the request is said")
    func unknown() async throws {
        try await withSecureUpstream(subject: "IP:127.0.0.1") { upstream in
            try await withGateway(Self.recipe(), upstreamPort: upstream.port) { gateway in
                let reply = try await gateway.chat(Turns.body(), fields: Turns.session)
                try reply.expectError(502, "upstream_unreachable")
                try await upstream.hears("alert")
                try await gateway.storage.settled(1)
                #expect(try gateway.transcript("s") == ["- failed \(Turns.question)"])
                try await gateway.send("GET", "/v1/models").expectError(502, "upstream_unreachable")
                #expect(!upstream.said("HTTP/1.1"))
            }
        }
    }

    @Test("A certificate for another name is refused although ca vouches for it")
    func otherName() async throws {
        try await withSecureUpstream(subject: "DNS:other.example") { upstream in
            try await withGateway(Self.recipe(Self.trusting(upstream)), upstreamPort: upstream.port) {
                gateway in
                try await gateway.chat(Turns.body()).expectError(502, "upstream_unreachable")
                #expect(!upstream.said("HTTP/1.1"))
            }
        }
    }

    @Test("A server without TLS is 502")
    func plainServer() async throws {
        let script = ScriptedUpstream.Script.connections { connection, _ in
            try await connection.state.until { $0.received > 0 }
            try await connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            try await connection.ended()
        }
        try await withUpstream(script) { upstream in
            try await withGateway(Self.recipe(), upstreamPort: upstream.port) { gateway in
                try await gateway.chat(Turns.body()).expectError(502, "upstream_unreachable")
            }
        }
    }

    @Test("A proxy is asked for a tunnel, and sees nothing of what goes through")
    func tunnel() async throws {
        try await withSecureUpstream(subject: "IP:127.0.0.1") { upstream in
            try await withUpstream(.tunnel(to: upstream.port)) { proxy in
                let through = #""proxy":"http://127.0.0.1:\#(proxy.port)""#
                let recipe = Self.recipe(Self.trusting(upstream), through)
                try await withGateway(recipe, upstreamPort: upstream.port) { gateway in
                    async let reply = gateway.chat(Turns.body(), fields: "Authorization: Bearer key\r\n")
                    try await upstream.hears("one\"}]}")
                    try upstream.send(ModelReply.whole(ModelReply.completion("a")))
                    #expect(try await reply.text == ModelReply.completion("a"))
                    #expect(upstream.said("Bearer key"))
                    let seen = String(buffer: try await proxy.connection(0).state.look(\.raw))
                    #expect(seen.hasPrefix("CONNECT 127.0.0.1:\(upstream.port) HTTP/1.1\r\n"))
                    #expect(!seen.contains("Bearer"))
                }
            }
        }
    }

    @Test("A proxy that refuses a tunnel is 502")
    func refusedTunnel() async throws {
        try await withUpstream(.always("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")) { proxy in
            let recipe = Self.recipe(#""proxy":"http://127.0.0.1:\#(proxy.port)""#)
            try await withGateway(recipe, upstreamPort: 443) { gateway in
                try await gateway.chat(Turns.body()).expectError(502, "upstream_unreachable")
                #expect(proxy.requests.map(\.method) == ["CONNECT"])
            }
        }
    }
}
