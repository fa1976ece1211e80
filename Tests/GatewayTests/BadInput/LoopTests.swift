import GatewayTesting
import NIOCore
import Testing

@Suite("Requests that come round", .timeLimit(.minutes(15)))
struct LoopTests {
    @Test(
        "A request that was here before is 508, whatever stands around our name",
        arguments: ["/v1/chat/completions", "/v1/models"], ["", "other, ", "OTHER,"])
    func comesRound(path: String, before: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.chat(Turns.body(), path: path)
            let hop = try #require(upstream.requests.first?["X-Memory-Hop"])
            let fields = "X-Memory-Hop: \(before)\(hop)\r\n"
            try await gateway.chat(Turns.body(), path: path, fields: fields).expectError(508, "loop_detected")
            _ = try await gateway.log.line(with: "status=508")
            #expect(upstream.requests.count == 1)
        }
    }

    @Test("A request that was at another gateway is passed on, both named")
    func chain() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(Turns.body(), fields: "X-Memory-Hop: memgate-other\r\n")
            #expect(reply.status == 200)
            let hops = try #require(upstream.requests.first?["X-Memory-Hop"])
            #expect(hops.hasPrefix("memgate-other, memgate-"))
        }
    }
}
