import GatewayTesting
import NIOCore
import Testing

@Suite("Heads that are no HTTP request", .timeLimit(.minutes(15)))
struct BadHeadTests {
    private static let line = "POST \(BadRequest.chat) HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n"

    private static let garbage = [
        BadRequest("words", raw: "hello there\r\n\r\n"), BadRequest("a method alone", raw: "GET\r\n\r\n"),
        BadRequest("no version", raw: "GET /v1/models\r\n\r\n"),
        BadRequest("a version of the future", raw: "GET /v1/models HTTP/9.9\r\nHost: h\r\n\r\n"),
        BadRequest("HTTP/2's preface", raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        BadRequest("another protocol", raw: "GET /v1/models FTP/1.1\r\nHost: h\r\n\r\n"),
        BadRequest("a TLS hello", raw: "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}"),
        BadRequest("zero bytes", raw: String(repeating: "\u{0}", count: 100)),
        BadRequest("a body", raw: #"{"messages":[]}"# + "\r\n\r\n"),
        BadRequest("a lower-case method", raw: "post \(BadRequest.chat) HTTP/1.1\r\nHost: h\r\n\r\n"),
        BadRequest("a space in the target", raw: "GET /v1/a b HTTP/1.1\r\nHost: h\r\n\r\n"),
        BadRequest("a control character in the target", raw: "GET /v1/a\u{1}b HTTP/1.1\r\nHost: h\r\n\r\n"),
    ]

    private static let fields = [
        BadRequest("a control character in a value", raw: line + "X-A: a\u{1}b\r\n\r\n"),
        BadRequest("a zero byte in a value", raw: line + "X-A: a\u{0}b\r\n\r\n"),
        BadRequest("a delete character in a value", raw: line + "X-A: a\u{7F}b\r\n\r\n"),
        BadRequest("a bare carriage return", raw: line + "X-A: a\rb\r\n\r\n"),
        BadRequest("a folded line", raw: line + "X-A: a\r\n b\r\n\r\n"),
        BadRequest("a line folded by a tab", raw: line + "X-A: a\r\n\tb\r\n\r\n"),
        BadRequest("a space in a name", raw: line + "X A: a\r\n\r\n"),
        BadRequest("a space behind a name", raw: line + "X-A : a\r\n\r\n"),
        BadRequest("no name", raw: line + ": a\r\n\r\n"), BadRequest("no colon", raw: line + "X-A\r\n\r\n"),
        BadRequest("a name that is not ASCII", raw: line + "X-é: a\r\n\r\n"),
    ]

    private static let floods = [
        BadRequest(
            "many fields",
            raw: line + (0..<4000).map { "X-Field-\($0): some value\r\n" }.joined() + "\r\n",
            status: 431, code: "headers_too_large"),
        BadRequest(
            "many short fields", raw: line + String(repeating: "A:b\r\n", count: 2000) + "\r\n", status: 431,
            code: "headers_too_large"),
        BadRequest(
            "one long field", raw: line + "X-A: \(String(repeating: "a", count: 70_000))\r\n\r\n",
            status: 431,
            code: "headers_too_large"),
        BadRequest(
            "a long name", raw: line + "\(String(repeating: "a", count: 70_000)): a\r\n\r\n", status: 431,
            code: "headers_too_large"),
        BadRequest(
            "a long target",
            raw: "GET /v1/\(String(repeating: "a", count: 70_000)) HTTP/1.1\r\nHost: h\r\n\r\n",
            status: 431, code: "headers_too_large"),
        BadRequest(
            "a head without end", raw: line + String(repeating: "X-A: aaaaaaaa\r\n", count: 200_000),
            status: 431, code: "headers_too_large"),
    ]

    @Test("Garbage in the place of a request line is refused", arguments: garbage)
    func requestLine(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("Malformed fields are refused", arguments: fields)
    func field(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("Heads over limits.headers are refused", arguments: floods)
    func flood(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("A malformed head behind a served request is refused like a first one", arguments: ["GET", "HEAD"])
    func second(method: String) async throws {
        try await withGateway(.init(), .always("HTTP/1.1 204 None\r\n\r\n")) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(TestGateway.request(method, "/v1/models"))
            #expect(try await client.next().status == 204)
            try await client.send("hello there\r\n\r\n")
            try await client.next().expectError(400, "invalid_request")
            try await client.ended()
            #expect(upstream.requests.count == 1)
        }
    }

    @Test("An HTTP/1.1 request without Host is refused")
    func noHost() async throws {
        let raw = "POST \(BadRequest.chat) HTTP/1.1\r\n\r\n"
        try await BadRequest("", raw: raw, ends: false).expectRefusal()
    }

    @Test("A head of 60 KiB is not too large")
    func large() async throws {
        try await withGateway(.init(), .always(ModelReply.whole("{}"))) { gateway, upstream in
            let value = String(repeating: "a", count: 60 * 1024)
            let reply = try await gateway.send("GET", "/v1/models", fields: "X-A: \(value)\r\n")
            #expect(reply.status == 200)
            #expect(upstream.requests.first?["X-A"] == value)
        }
    }

    @Test(
        "Control characters in ids are refused",
        arguments: [
            BadRequest(
                "a tab in a field", raw: line + "X-Session-Id: a\tb\r\n\r\n", code: "invalid_session_id"),
            BadRequest("in a user", raw: line + "X-User-Id: a%7Fb\r\n\r\n", code: "invalid_user_id"),
            BadRequest(
                "in the URL", raw: "POST /s/a%1Bb/v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n",
                code: "invalid_session_id"),
            BadRequest(
                "in a user of the URL", raw: "POST /u/%C2%85/v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n",
                code: "invalid_user_id"),
        ])
    func identifiers(request: BadRequest) async throws {
        var request = request
        request.ends = false
        try await request.expectRefusal()
    }
}
