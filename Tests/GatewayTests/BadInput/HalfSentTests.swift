import GatewayTesting
import NIOCore
import Testing

@Suite("Requests whose client leaves in the middle", .timeLimit(.minutes(15)))
struct HalfSentTests {
    private static let line = "POST \(BadRequest.chat) HTTP/1.1\r\nHost: h\r\nX-Session-Id: s\r\n"
    private static let chats = [
        "PO", "POST \(BadRequest.chat) HT", line, line + "Content-Length: 50\r\n",
        line + "Content-Length: 50\r\n\r\n", line + "Content-Length: 50\r\n\r\n{\"messages\":[",
        line + "Transfer-Encoding: chunked\r\n\r\n", line + "Transfer-Encoding: chunked\r\n\r\nff\r\n{\"mess",
        line + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    ]

    @Test("Half a chat leaves nothing behind but a line of the log", arguments: chats, [false, true])
    func chat(sent: String, isReset: Bool) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(sent)
            if isReset { try await client.reset() } else { await client.close() }
            _ = try await gateway.log.line(with: "client left")
            #expect(upstream.accepted == 0)
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test(
        "Half an upload ends at the upstream without becoming a whole one",
        arguments: [
            "Content-Length: 50\r\n\r\nhalf of it", "Transfer-Encoding: chunked\r\n\r\na\r\nhalf of it\r\n",
        ])
    func upload(framing: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send("POST /v1/files HTTP/1.1\r\nHost: h\r\n\(framing)")
            let connection = try await upstream.connection(0)
            _ = try await connection.partial { $0.text == "half of it" }
            await client.close()
            try await connection.ended()
            _ = try await gateway.log.line(with: "client left")
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A connection that never says anything leaves no line in the log")
    func silent() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            await client.close()
            try await gateway.expectUntouched(upstream)
            #expect(gateway.log.lines.look(\.isEmpty))
        }
    }
}
