import GatewayTesting
import NIOCore
import Testing

@Suite("Bodies whose framing is wrong", .timeLimit(.minutes(15)))
struct BadFramingTests {
    /// What stands behind the request line and `Host`.
    private static let framings = [
        ("both fields", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        ("both fields, turned round", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}"),
        ("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
        ("a list of lengths", "Content-Length: 2, 3\r\n\r\n{} "),
        ("a negative length", "Content-Length: -2\r\n\r\n{}"),
        ("a length with a sign", "Content-Length: +2\r\n\r\n{}"),
        ("a length in words", "Content-Length: two\r\n\r\n{}"),
        ("a length in hex", "Content-Length: 0x2\r\n\r\n{}"), ("no length", "Content-Length:\r\n\r\n{}"),
        ("a length beyond numbers", "Content-Length: 99999999999999999999\r\n\r\n{}"),
        ("a coding behind chunked", "Transfer-Encoding: chunked, gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        ("another coding", "Transfer-Encoding: gzip\r\n\r\n{}"),
        ("a coding that sounds like chunked", "Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
        ("a chunk size in words", "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        ("a negative chunk size", "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
        ("a chunk size with a prefix", "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n"),
        ("two chunk sizes", "Transfer-Encoding: chunked\r\n\r\n2 2\r\n{}\r\n0\r\n\r\n"),
        ("no chunk size", "Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n"),
        ("a chunk size beyond numbers", "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n"),
        ("a chunk that is longer than it says", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n"),
        ("a chunk size that a line feed ends", "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n"),
    ]

    private static func request(_ framing: (String, String), path: String) -> BadRequest {
        BadRequest(framing.0, raw: "POST \(path) HTTP/1.1\r\nHost: h\r\n\(framing.1)")
    }

    @Test("A chat of bad framing is refused", arguments: framings.map { request($0, path: BadRequest.chat) })
    func chat(request: BadRequest) async throws {
        try await request.expectRefusal()
    }

    @Test(
        "A transparent request of bad framing never reaches the upstream as a whole one",
        arguments: framings.map { request($0, path: "/v1/files") })
    func transparent(request: BadRequest) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(request.bytes)
            try await client.next().expectError(400, "invalid_request")
            try await client.ended()
            _ = try await gateway.log.line(with: "reason=")
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("Nothing of what follows a request of bad framing is taken for a request")
    func smuggled() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            let inner = TestGateway.request("GET", "/v1/inner")
            try await client.send(
                "POST /v1/outer HTTP/1.1\r\nHost: h\r\nContent-Length: \(inner.utf8.count + 5)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner)
            try await client.next().expectError(400, "invalid_request")
            try await client.ended()
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A request whose successor is garbage is still answered; then the connection ends")
    func garbageBehind() async throws {
        let gate = Watched(false)
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await gate.until { $0 }
            try await connection.send(ModelReply.whole("{}"))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(TestGateway.request("GET", "/v1/models"))
            _ = try await upstream.request(0)
            try await client.send("\u{1}\u{2}garbage\r\n\r\n")
            _ = try await gateway.log.line(with: "malformed")
            gate.update { $0 = true }
            #expect(try await client.next().status == 200)
            try await client.ended()
        }
    }
}
