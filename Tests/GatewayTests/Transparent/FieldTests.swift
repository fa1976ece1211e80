import GatewayTesting
import Testing

extension WireMessage {
    /// The fields that are not made anew at each hop.
    var carried: [String] {
        fields.filter { !["host", "x-memory-hop"].contains($0.name.lowercased()) }.map(\.description)
    }
}

@Suite("Header fields on transparent paths", .timeLimit(.minutes(15)))
struct FieldTests {
    @Test("Order, case, repetition and emptiness of request fields are kept")
    func requestFields() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let fields = [
                "aUTHORIZATION: Bearer k", "X-Empty: ", "x-twice: 1", "Accept: */*", "X-Twice: 2",
                "x-twice: 1",
                "Accept-Encoding: gzip, br", "User-Agent: t/1", "Cookie: a=b; c=d", "X-Colon: a:b: c",
                "Idempotency-Key: i",
                "OpenAI-Beta: assistants=v2", "X-Request-Id: r",
            ]
            _ = try await gateway.send("GET", "/v1/models", fields: fields.map { $0 + "\r\n" }.joined())
            #expect(upstream.requests.first?.carried == fields)
        }
    }

    @Test("Nothing is added but the host and the hop field")
    func nothingAdded() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            _ = try await gateway.send("GET", "/v1/models")
            let request = try await upstream.request(0)
            #expect(request.carried.isEmpty)
            #expect(request.all("Host") == ["127.0.0.1:\(upstream.port)"])
            #expect(request.all("X-Memory-Hop").count == 1)
        }
    }

    @Test("A POST of form data or without a content type stays as it is")
    func bodyFields() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            _ = try await gateway.send("POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
            _ = try await gateway.send("POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n")
            #expect(upstream.requests.map(\.carried) == [["Content-Length: 3"], ["Content-Length: 0"]])
            #expect(upstream.requests.map(\.text) == ["abc", ""])
        }
    }

    @Test("Hop-by-hop fields, those that Connection names, and our own end here")
    func hopFields() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let dropped = [
                "Connection: keep-alive, X-Secret ,x-other", "Keep-Alive: timeout=5", "X-Secret: s",
                "X-Other: o",
                "Proxy-Authorization: Basic x", "Proxy-Connection: keep-alive", "TE: trailers",
                "Trailer: X-T",
                "X-Session-Id: s", "X-User-Id: u", "X-Memory-Mode: off", "X-Memory-Whatever: w",
                "X-Chat-Id: c",
            ]
            _ = try await gateway.send(
                "GET", "/v1/models", fields: (dropped + ["X-Kept: k"]).map { $0 + "\r\n" }.joined())
            #expect(upstream.requests.first?.carried == ["X-Kept: k"])
        }
    }

    @Test("Order, case, repetition and emptiness of reply fields are kept, hop-by-hop ones dropped")
    func replyFields() async throws {
        let fields =
            "sERVER: s\r\nX-Empty:\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nConnection: X-Hop\r\nX-Hop: h\r\n"
            + "Keep-Alive: timeout=5\r\nX-After: z\r\nDate: today\r\n"
        try await withGateway(.init(), .always(ModelReply.whole("{}", fields: fields))) { gateway, _ in
            let reply = try await gateway.send("GET", "/v1/models")
            #expect(
                reply.fields.map(\.description) == [
                    "Content-Type: application/json", "sERVER: s", "X-Empty: ", "Set-Cookie: a=1",
                    "set-cookie: b=2",
                    "X-After: z", "Date: today", "Content-Length: 2",
                ])
        }
    }

    @Test(
        "Status and reason go through as they are",
        arguments: ["404 Nothing Here", "299 Strange", "500 ", "429 Slow Down", "302 Found"])
    func statusLine(status: String) async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}", status: status))) { gateway, _ in
            let reply = try await gateway.send("GET", "/v1/models")
            #expect(reply.status == Int(status.prefix(3)))
            if !status.hasSuffix(" ") { #expect(reply.startLine == "HTTP/1.1 \(status)") }
        }
    }

    @Test("The upstream's own fields and key take the place of the client's")
    func upstreamFields() async throws {
        let recipe = GatewayRecipe(upstream: #""headers":{"X-Team":"t"}"#)
        try await withGateway(recipe, .always(ModelReply.whole("{}"))) { gateway, upstream in
            _ = try await gateway.send("GET", "/v1/models", fields: "x-team: other\r\nX-A: a\r\n")
            #expect(upstream.requests.first?.carried == ["X-A: a", "X-Team: t"])
        }
    }
}
