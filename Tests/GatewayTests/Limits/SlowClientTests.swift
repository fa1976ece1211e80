import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Clients that are slow, idle or take nothing", .timeLimit(.minutes(15)))
struct SlowClientTests {
    private static let line = "POST \(BadRequest.chat) HTTP/1.1\r\nHost: h\r\nX-Session-Id: s\r\n"

    @Test("A head that stops is 408", arguments: ["P", "POST \(BadRequest.chat) HTTP/1.1\r\n", line])
    func head(sent: String) async throws {
        try await withGateway(.init(limits: #""headTimeout":"5s""#), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(sent)
            try await gateway.time.advance(by: .seconds(5))
            let reply = try await client.next()
            try reply.expectError(408, "request_timeout")
            #expect(reply["Connection"] == "close")
            try await client.ended()
            #expect(try await gateway.log.line(with: "status=408").contains("headTimeout"))
            #expect(upstream.accepted == 0)
        }
    }

    @Test("A head that goes on for ever is 408: the clock counts from its first byte")
    func drippingHead() async throws {
        let recipe = GatewayRecipe(limits: #""headTimeout":"5s","headers":"1MiB""#)
        try await withGateway(recipe, .numbered) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send(Self.line + "X-Long: ")
            for _ in 0..<50 {
                #expect(client.state.look(\.received) == 0)
                try await client.send("a")
                try await gateway.time.advance(by: .milliseconds(100))
            }
            try await client.next().expectError(408, "request_timeout")
        }
    }

    @Test("The head of a later request is bounded like the first one's")
    func laterHead() async throws {
        try await withGateway(.init(limits: #""headTimeout":"5s""#), .numbered) { gateway, _ in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send(TestGateway.request("GET", "/v1/models"))
                #expect(try await client.next().status == 200)
            }
            try await client.send("GET /v1/mo")
            try await gateway.time.advance(by: .seconds(5))
            try await client.next().expectError(408, "request_timeout")
            try await client.ended()
        }
    }

    @Test("A connection on which nothing is ever said is closed after headTimeout")
    func silent() async throws {
        try await withGateway(.init(limits: #""headTimeout":"5s""#), .numbered) { gateway, _ in
            let client = try await gateway.connect()
            try await gateway.time.advance(by: .seconds(5))
            try await client.ended()
            #expect(client.state.look(\.received) == 0)
        }
    }

    @Test(
        "A body that stops is 408; nothing is kept, and the upstream gets no whole one",
        arguments: [BadRequest.chat, "/v1/files"],
        [
            "Content-Length: 50\r\n\r\n", "Content-Length: 50\r\n\r\nhalf",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "Transfer-Encoding: chunked\r\n\r\n9\r\nhalf",
        ])
    func body(path: String, framing: String) async throws {
        try await withGateway(.init(limits: #""bodyTimeout":"5s""#), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send("POST \(path) HTTP/1.1\r\nHost: h\r\n\(framing)")
            try await gateway.time.advance(by: .seconds(5))
            let reply = try await client.next()
            try reply.expectError(408, "request_timeout")
            #expect(reply["X-Memory-Status"] == (path == BadRequest.chat ? "skipped; reason=error" : nil))
            try await client.ended()
            #expect(try await gateway.log.line(with: "status=408").contains("bodyTimeout"))
            if path != BadRequest.chat, upstream.accepted > 0 { try await upstream.connection(0).ended() }
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("An idle connection is closed after keepAlive, a request under way is not")
    func keepAlive() async throws {
        let gate = Watched(false)
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            if request.target.hasSuffix("slow") { try await gate.until { $0 } }
            try await connection.send(ModelReply.whole("{}"))
        }
        try await withGateway(.init(limits: #""keepAlive":"5s""#), script) { gateway, upstream in
            let busy = try await gateway.connect()
            try await busy.send(TestGateway.request("GET", "/v1/slow"))
            _ = try await upstream.request(0)
            let idle = try await gateway.connect()
            try await idle.send(TestGateway.request("GET", "/v1/models"))
            #expect(try await idle.next()["Connection"] == nil)
            try await gateway.time.advance(by: .seconds(5))
            #expect(try await idle.ended() == nil)
            gate.update { $0 = true }
            #expect(try await busy.next().text == "{}")
            try await gateway.time.advance(by: .seconds(5))
            #expect(try await busy.ended() == nil)
            #expect(gateway.log.lines.look(\.isEmpty))
        }
    }

    @Test("Time that the upstream needs counts for none of the client's limits")
    func upstreamTime() async throws {
        let gate = Watched(false)
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            if number == 0 { try await gate.until { $0 } }
            try await connection.send(ModelReply.whole(ModelReply.completion("a")))
        }
        let limits = #""headTimeout":"5s","bodyTimeout":"5s","keepAlive":"5s","writeStall":"5s""#
        try await withGateway(.init(limits: limits), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request())
            _ = try await upstream.request(0)
            try await gateway.time.advance(by: .seconds(60))
            gate.update { $0 = true }
            #expect(try await client.next().status == 200)
        }
    }

    @Test(
        "A client that takes nothing for writeStall is closed, and the model stopped",
        arguments: ["/v1/files/big", BadRequest.chat])
    func writeStall(path: String) async throws {
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            guard request.target == path else { return try await connection.send(ModelReply.whole("{}")) }
            try await connection.send(ModelReply.chunkedHead())
            let event = ModelReply.chunk(ModelReply.delta(String(repeating: "x", count: 10_000)))
            while !connection.state.look(\.isClosed) { try await connection.send(event) }
        }
        // On a busy machine much of the test's time passes before the head comes.
        let upstream = #""firstByteTimeout":"168h","totalTimeout":"168h""#
        let recipe = GatewayRecipe(limits: #""writeStall":"5s""#, upstream: upstream)
        try await withGateway(recipe, script) { gateway, upstream in
            let client = try await gateway.connect(receiveBuffer: 64 * 1024)
            try await client.setReading(false)
            try await client.send(
                TestGateway.request(
                    "POST", path, fields: Turns.session, body: Turns.body(stream: true)))
            let connection = try await upstream.connection(0)
            try await gateway.time.advance(in: .milliseconds(500)) { connection.state.look(\.isClosed) }
            _ = try await gateway.log.line(with: "client takes no bytes")
            #expect(try await gateway.send("GET", "/v1/models").status == 200)
            guard path == BadRequest.chat else { return }
            try await gateway.storage.settled(1)
            #expect(try gateway.messages("s").map(\.message.status) == [.complete, .disconnected])
        }
    }

    @Test("A client that takes some bytes within every writeStall gets all of them")
    func slowReader() async throws {
        let body = String(repeating: "0123456789abcdef", count: 1 << 20)
        let script = ScriptedUpstream.Script.always(ModelReply.whole(body))
        try await withGateway(.init(limits: #""writeStall":"5s""#), script) { gateway, _ in
            let client = try await gateway.connect(receiveBuffer: 64 * 1024)
            try await client.setReading(false)
            try await client.send(TestGateway.request("GET", "/v1/files/big"))
            for _ in 0..<4 {
                // Less than what the system holds, so that it need not ask the gateway for more.
                try await client.take(1 << 18)
                try await gateway.time.advance(by: .seconds(4))
            }
            #expect(!client.state.look(\.isClosed))
            try await client.setReading(true)
            #expect(try await client.next().text == body)
        }
    }
}
