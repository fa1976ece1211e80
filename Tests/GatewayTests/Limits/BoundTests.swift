import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Bounds that the settings draw", .timeLimit(.minutes(15)))
struct BoundTests {
    @Test("One connection more than limits.connections is 503, until one of them ends")
    func connections() async throws {
        try await withGateway(.init(limits: #""connections":2"#), .numbered) { gateway, upstream in
            let first = try await gateway.connect()
            let second = try await gateway.connect()
            for client in [first, second] {
                try await client.send(TestGateway.request("GET", "/v1/models"))
                #expect(try await client.next().status == 200)
            }
            for _ in 0..<2 {
                let third = try await gateway.connect()
                let reply = try await third.next()
                try reply.expectError(503, "overloaded")
                #expect(reply["Retry-After"] == "1")
                #expect(reply["Connection"] == "close")
                try await third.ended()
                // By the answer to this one the gateway has seen that the third is gone.
                try await second.send(TestGateway.request("GET", "/v1/models"))
                #expect(try await second.next().status == 200)
            }
            #expect(try await gateway.log.line(with: "status=503").contains("reason="))
            await first.close()
            try await gateway.knowsWhoLeft(butFor: 1)
            #expect(try await gateway.send("GET", "/v1/models").status == 200)
            #expect(upstream.requests.count == 5)
        }
    }

    @Test("limits.headers bounds the head, its request line included")
    func headers() async throws {
        let recipe = GatewayRecipe(limits: #""headers":"2KiB""#)
        try await withGateway(recipe, .always(ModelReply.whole("{}"))) { gateway, upstream in
            for (count, status) in [(1500, 200), (2500, 431)] {
                let long = String(repeating: "a", count: count)
                let field = try await gateway.send("GET", "/v1/x", fields: "X-A: \(long)\r\n")
                let target = try await gateway.send("GET", "/v1/\(long)")
                #expect([field.status, target.status] == [status, status])
            }
            #expect(upstream.requests.count == 2)
        }
    }

    @Test("limits.depth and limits.messages bound a body")
    func body() async throws {
        let recipe = GatewayRecipe(limits: #""depth":5,"messages":2"#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            let messages = Array(repeating: Turns.question, count: 3)
            for (body, status) in [
                (#"{"x":[[[[]]]],"messages":[\#(Turns.question)]}"#, 200),
                (#"{"x":[[[[[]]]]],"messages":[\#(Turns.question)]}"#, 400),
                (#"{"messages":[\#(messages.prefix(2).joined(separator: ","))]}"#, 200),
                (#"{"messages":[\#(messages.joined(separator: ","))]}"#, 413),
            ] {
                let reply = try await gateway.chat(body)
                #expect(reply.status == status, "\(body)")
            }
            #expect(upstream.requests.count == 2)
        }
    }

    @Test("limits.body bounds no transparent path")
    func transparentBody() async throws {
        let recipe = GatewayRecipe(limits: #""body":"1KiB""#)
        try await withGateway(recipe, .always(ModelReply.whole("{}"))) { gateway, upstream in
            let body = String(repeating: "x", count: 100_000)
            #expect(try await gateway.send("POST", "/v1/files", body: body).status == 200)
            try await gateway.chat(body).expectError(413, "body_too_large")
            #expect(upstream.requests.map(\.body.readableBytes) == [100_000])
        }
    }

    @Test("An event over limits.eventLine is relayed whole, and its reply is not kept as complete")
    func eventLine() async throws {
        let stream = ModelReply.stream("short", String(repeating: "long ", count: 1000), "short")
        let recipe = GatewayRecipe(limits: #""eventLine":"1KiB""#)
        try await withGateway(recipe, .always(ModelReply.chunked(stream))) { gateway, _ in
            let reply = try await gateway.chat(Turns.body(stream: true), fields: Turns.session)
            #expect(reply.text == stream)
            try await gateway.storage.settled(1)
            let statuses = try gateway.messages("s").map(\.message.status)
            #expect(statuses == [.complete, .incomplete])
        }
    }
}
