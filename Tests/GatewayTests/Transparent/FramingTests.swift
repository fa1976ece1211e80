import GatewayTesting
import NIOCore
import Testing

@Suite("How bodies are framed on transparent paths", .timeLimit(.minutes(15)))
struct FramingTests {
    @Test(
        "Any method is passed on, with and without a body",
        arguments: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"])
    func methods(method: String) async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            _ = try await gateway.send(method, "/v1/files/1")
            _ = try await gateway.send(method, "/v1/files/1", body: "{\"a\": 1}")
            #expect(upstream.requests.map(\.method) == [method, method])
            #expect(upstream.requests.map(\.text) == ["", "{\"a\": 1}"])
            #expect(upstream.requests.map(\.framing) == [.none, .length])
        }
    }

    @Test("HEAD keeps the length that the reply names, and sends no body")
    func head() async throws {
        let script = ScriptedUpstream.Script.always(
            "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nX-A: a\r\n\r\n")
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                client.expectHead(true)
                try await client.send(TestGateway.request("HEAD", "/v1/models"))
                let reply = try await client.next()
                #expect(reply.fields.map(\.description) == ["Content-Length: 1234", "X-A: a"])
            }
            #expect(upstream.requests.map(\.method) == ["HEAD", "HEAD"])
        }
    }

    @Test("Replies without a body end at their head", arguments: ["204 No Content", "304 Not Modified"])
    func bodiless(status: String) async throws {
        try await withGateway(.init(), .always("HTTP/1.1 \(status)\r\nETag: e\r\n\r\n")) { gateway, _ in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send(TestGateway.request("GET", "/v1/models"))
                let reply = try await client.next()
                #expect(reply.fields.map(\.description) == ["ETag: e"])
            }
        }
    }

    @Test("A chunked request arrives chunked, its trailers dropped")
    func chunkedRequest() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let reply = try await gateway.send(
                "POST /v1/files HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "5;ext=1\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-Trailer: t\r\n\r\n")
            let request = try await upstream.request(0)
            #expect(reply.status == 200)
            #expect(request.text == "hello world")
            #expect(request.framing == .chunked)
            #expect(request.trailers.isEmpty)
        }
    }

    @Test("A chunked reply arrives chunked, its trailers dropped; byte by byte too")
    func chunkedReply() async throws {
        let bytes =
            ModelReply.chunkedHead(fields: "Trailer: X-T\r\n") + ModelReply.chunk("data: 1\n\n")
            + ModelReply.chunk("data: 2\n\n") + "0\r\nX-T: t\r\n\r\n"
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            if number == 0 {
                try await connection.send(bytes)
            } else {
                try await connection.sendByteByByte(bytes)
            }
        }
        try await withGateway(.init(), script) { gateway, _ in
            for _ in 0..<2 {
                let reply = try await gateway.send("GET", "/v1/events")
                #expect(reply.text == "data: 1\n\ndata: 2\n\n")
                #expect(reply.framing == .chunked)
                #expect(reply.trailers.isEmpty)
                #expect(reply["Trailer"] == nil)
            }
        }
    }

    @Test("A reply that ends with its connection is chunked for the client")
    func replyWithoutLength() async throws {
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it")
            await connection.close()
        }
        try await withGateway(.init(), script) { gateway, _ in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send(TestGateway.request("GET", "/v1/x"))
                let reply = try await client.next()
                #expect(reply.text == "all of it")
                #expect(reply.framing == .chunked)
            }
        }
    }

    @Test("What the upstream sends before the end of its reply reaches the client at once")
    func noBuffering() async throws {
        let script = ScriptedUpstream.Script.connections { connection, _ in
            _ = try await connection.next()
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk("first"))
            // The client answers the first piece with a second request body's byte: see below.
            try await connection.ended()
        }
        try await withGateway(.init(), script) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send(TestGateway.request("GET", "/v1/x"))
            let partial = try await client.partial { $0.body.readableBytes >= 5 }
            #expect(partial.text == "first")
            #expect(!partial.isWhole)
        }
    }

    @Test("A reply may begin before its request is whole, and both go on")
    func earlyReply() async throws {
        let script = ScriptedUpstream.Script.connections { connection, _ in
            _ = try await connection.partial { $0.text.contains("one") }
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk("early "))
            let request = try await connection.next()
            try await connection.send(ModelReply.chunk(request.text) + ModelReply.lastChunk)
            try await connection.ended()
        }
        try await withGateway(.init(), script) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send("POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\none")
            _ = try await client.partial { $0.text == "early " }
            try await client.send("two")
            #expect(try await client.next().text == "early onetwo")
        }
    }

    @Test(
        "Expect: 100-continue is answered here and does not go up",
        arguments: ["/v1/files", "/v1/chat/completions"])
    func expectContinue(path: String) async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                "POST \(path) HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await client.next().startLine == "HTTP/1.1 100 Continue")
            try await client.send("{}")
            #expect(try await client.next().status == 200)
            let request = try await upstream.request(0)
            #expect(request["Expect"] == nil)
            #expect(request.text == "{}")
        }
    }

    @Test("Upgrade requests get 426", arguments: ["websocket", "h2c"])
    func upgrade(to name: String) async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let reply = try await gateway.send(
                "GET", "/v1/realtime", fields: "Connection: Upgrade\r\nUpgrade: \(name)\r\n")
            #expect(reply.status == 426)
            #expect(reply["Connection"] == "close")
            #expect(reply.text.contains(#""code":"upgrade_required""#))
            #expect(upstream.requests.isEmpty)
        }
    }

    @Test("Thirty megabytes go through both ways, whole and in order, with and without a length")
    func large() async throws {
        let body = Pattern.bytes(30 << 20)
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            let whole = request.framing == .length
            try await connection.send(
                "HTTP/1.1 200 OK\r\n"
                    + (whole
                        ? "Content-Length: \(request.body.readableBytes)\r\n\r\n"
                        : "Connection: close\r\n\r\n"))
            try await connection.send(request.body)
            if !whole { await connection.close() }
        }
        try await withGateway(.init(), script) { gateway, upstream in
            for framing in ["Content-Length: \(body.readableBytes)", "Transfer-Encoding: chunked"] {
                let client = try await gateway.connect()
                try await client.send("PUT /v1/files/big HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n")
                let isChunked = framing.hasSuffix("chunked")
                if isChunked { try await client.send(String(body.readableBytes, radix: 16) + "\r\n") }
                try await client.send(body)
                if isChunked { try await client.send("\r\n0\r\n\r\n") }
                let reply = try await client.next()
                #expect(reply.body == body)
                #expect(reply.isWhole)
            }
            #expect(upstream.requests.allSatisfy { $0.body == body })
        }
    }
}
