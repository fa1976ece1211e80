import GatewayTesting
import MemoryStore
import NIOCore
import Testing

/// A request that is refused, and how.
struct BadRequest: Sendable, CustomTestStringConvertible {
    static let chat = "/v1/chat/completions"

    var name: String
    var bytes: ByteBuffer
    var status = 400
    var code = "invalid_request"
    /// Whether nothing behind the request can be read any more.
    var ends = false

    var testDescription: String { name }

    /// A request by its bytes.
    init(
        _ name: String, raw: String, status: Int = 400, code: String = "invalid_request", ends: Bool = true
    ) {
        self.name = name
        bytes = ByteBuffer(string: raw)
        self.status = status
        self.code = code
        self.ends = ends
    }

    /// A chat by its body.
    init(_ name: String, body: [UInt8], code: String = "invalid_request") {
        self.name = name
        bytes = ByteBuffer(
            string: "POST \(Self.chat) HTTP/1.1\r\nHost: h\r\nX-Session-Id: s\r\n"
                + "Content-Length: \(body.count)\r\n\r\n")
        bytes.writeBytes(body)
        self.code = code
    }

    /// A chat by its body.
    init(_ name: String, body: String, code: String = "invalid_request") {
        self.init(name, body: Array(body.utf8), code: code)
    }

    /// Sends the request; checks the answer, the log, the store, the upstream, and that the next one is
    /// served.
    func expectRefusal() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(bytes)
            let reply = try await client.next()
            try reply.expectError(status, code)
            #expect(reply["X-Memory-Status"] == "skipped; reason=error")
            #expect(reply["Connection"] == (ends ? "close" : nil))
            if ends { try await client.ended() }
            let line = try await gateway.log.line(with: "status=\(status)")
            #expect(line.contains("reason="))
            try await gateway.expectUntouched(upstream)
        }
    }
}

extension TestGateway {
    /// Checks that nothing was recorded and nothing whole went up, and that a chat on a new connection is
    /// served.
    func expectUntouched(
        _ upstream: ScriptedUpstream, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(storage.asked == 0, sourceLocation: sourceLocation)
        let changes = try storage.statistics().changes
        #expect(changes == 0, sourceLocation: sourceLocation)
        #expect(upstream.requests.isEmpty, sourceLocation: sourceLocation)
        let next = try await chat(#"{"messages":[{"role":"user","content":"hi"}]}"#)
        #expect(next.status == 200, sourceLocation: sourceLocation)
        #expect(next.text == ModelReply.completion("a0"), sourceLocation: sourceLocation)
    }
}
