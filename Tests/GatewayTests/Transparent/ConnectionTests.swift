import GatewayTesting
import Testing

@Suite("Connections, ours and the upstream's", .timeLimit(.minutes(15)))
struct ConnectionTests {
    @Test("A client's connection carries many requests, and so does one to the upstream")
    func reuse() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let client = try await gateway.connect()
            for number in 0..<20 {
                try await client.send(TestGateway.request("GET", "/v1/models/\(number)"))
                #expect(try await client.next().status == 200)
            }
            #expect(upstream.accepted == 1)
            #expect(upstream.requests.count == 20)
        }
    }

    @Test("Uploads and chats reuse the upstream's connection too")
    func reuseWithBodies() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let client = try await gateway.connect()
            for path in ["/v1/files", "/v1/chat/completions", "/v1/files"] {
                try await client.send(TestGateway.request("POST", path, body: "{}"))
                _ = try await client.next()
            }
            #expect(upstream.accepted == 1)
        }
    }

    @Test("Pipelined requests are answered one after another, in order")
    func pipelined() async throws {
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            try await connection.send(ModelReply.whole("\(request.method) \(request.target) \(request.text)"))
        }
        try await withGateway(.init(), script) { gateway, _ in
            let client = try await gateway.connect()
            let requests = [
                TestGateway.request("GET", "/v1/a"), TestGateway.request("POST", "/v1/b", body: "body"),
                "POST /v1/c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                TestGateway.request("POST", "/v1/chat/completions", body: "{}"),
                TestGateway.request("GET", "/v1/d"),
            ]
            try await client.send(requests.joined())
            var texts: [String] = []
            for _ in requests { texts.append(try await client.next().text) }
            #expect(
                texts == [
                    "GET /v1/a ", "POST /v1/b body", "POST /v1/c abc", "POST /v1/chat/completions {}",
                    "GET /v1/d ",
                ])
        }
    }

    @Test("Pipelined requests that arrive byte by byte are answered too")
    func pipelinedByteByByte() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let client = try await gateway.connect()
            let request = TestGateway.request("POST", "/v1/x", body: "{}")
            try await client.sendByteByByte(request + request)
            #expect(try await client.next().text == ModelReply.completion("a0"))
            #expect(try await client.next().text == ModelReply.completion("a1"))
        }
    }

    @Test("Connection: close is honoured and said")
    func close() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send(TestGateway.request("GET", "/v1/models", fields: "Connection: close\r\n"))
            #expect(try await client.next()["Connection"] == "close")
            try await client.ended()
        }
    }

    @Test("An HTTP/1.0 client gets a length or the end of the connection, never chunks")
    func http10() async throws {
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            try await connection.send(
                request.target.hasSuffix("stream")
                    ? ModelReply.chunked("data: x\n\n") : ModelReply.whole("{}"))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let plain = try await gateway.connect()
            try await plain.send("GET /v1/plain HTTP/1.0\r\n\r\n")
            #expect(try await plain.next().text == "{}")
            try await plain.ended()

            let stream = try await gateway.connect()
            try await stream.send("GET /v1/stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let reply = try await stream.next()
            #expect(reply.framing == .close)
            #expect(reply["Connection"] == "close")
            #expect(reply.text == "data: x\n\n")
            #expect(upstream.requests.allSatisfy { $0.startLine.hasSuffix("HTTP/1.1") })
        }
    }

    @Test("An HTTP/1.0 client that asks for it keeps its connection")
    func http10KeepAlive() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, _ in
            let client = try await gateway.connect()
            for _ in 0..<2 {
                try await client.send("GET /v1/models HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.next()["Connection"] == "keep-alive")
            }
        }
    }

    @Test("A kept connection that closes instead of answering costs no request that has a small body")
    func dyingConnection() async throws {
        try await withGateway(.init(), .everySecondCloses) { gateway, upstream in
            let requests = [
                TestGateway.request("GET", "/v1/x"),
                TestGateway.request("POST", "/v1/x", body: #"{"a":1}"#),
                TestGateway.request("POST", "/v1/x", body: String(repeating: "x", count: 60_000)),
                "POST /v1/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ModelReply.chunk("ab") + ModelReply.chunk("cd") + ModelReply.lastChunk,
            ]
            for request in requests {
                let client = try await gateway.connect()
                try await client.send(request)
                #expect(try await client.next().status == 200)
            }
            let seen = upstream.requests.map(\.text)
            #expect(seen.count == 2 * requests.count - 1)
            #expect(seen[1] == seen[2] && seen[3] == seen[4] && seen[5] == "abcd" && seen[6] == "abcd")
        }
    }

    @Test("Where retries are 0, no body is sent twice")
    func dyingConnectionWithoutRetries() async throws {
        try await withGateway(.init(upstream: #""retries":0"#), .everySecondCloses) { gateway, upstream in
            let first = try await gateway.send("GET", "/v1/x")
            #expect(first.status == 200)
            let second = try await gateway.send("POST", "/v1/x", body: "{}")
            #expect(second.status == 502)
            #expect(upstream.requests.count == 2)
        }
    }

    @Test("A large body that a dying connection took is not sent again, and the client is told")
    func dyingConnectionLargeBody() async throws {
        try await withGateway(.init(), .everySecondCloses) { gateway, upstream in
            let large = String(repeating: "x", count: 200_000)
            let first = try await gateway.send("GET", "/v1/x")
            #expect(first.status == 200)
            let second = try await gateway.send("POST", "/v1/x", body: large)
            #expect(second.status == 502)
            #expect(upstream.requests.count == 2)
            let third = try await gateway.send("POST", "/v1/x", body: large)
            #expect(third.status == 200)
        }
    }

    @Test("A client that leaves ends the request at the upstream")
    func clientLeaves() async throws {
        try await withGateway(.init(), .silent) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(TestGateway.request("GET", "/v1/slow"))
            _ = try await upstream.request(0)
            await client.close()
            try await upstream.connection(0).ended()
        }
    }
}
