import GatewayTesting
import NIOCore
import Testing

@Suite("Bodies over limits.body", .timeLimit(.minutes(15)))
struct LargeBodyTests {
    private static let mebibyte = 1 << 20
    private static let line = "POST \(BadRequest.chat) HTTP/1.1\r\nHost: h\r\nX-Session-Id: s\r\n"

    /// How a body is sent: what stands in front of it and behind.
    enum Framing: String, CaseIterable, Sendable {
        case length, chunked

        func head(_ count: Int) -> String {
            switch self {
            case .length: "Content-Length: \(count)\r\n\r\n"
            case .chunked: "Transfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n"
            }
        }

        var end: String { self == .length ? "" : "\r\n0\r\n\r\n" }
    }

    /// A chat of exactly so many bytes.
    private static func chat(_ count: Int) -> ByteBuffer {
        let (head, tail) = (#"{"messages":[{"role":"user","content":""#, #""}]}"#)
        var body = ByteBuffer(string: head)
        body.writeRepeatingByte(UInt8(ascii: "a"), count: count - head.utf8.count - tail.utf8.count)
        body.writeString(tail)
        return body
    }

    @Test("41 MiB get 413 although all of them are sent", arguments: Framing.allCases)
    func tooLarge(framing: Framing) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let body = Self.chat(41 * Self.mebibyte)
            let client = try await gateway.connect()
            try await client.send(Self.line + framing.head(body.readableBytes))
            // The answer is there however far the body comes before the connection ends.
            try? await client.sendInPieces(body)
            if !framing.end.isEmpty { try? await client.send(framing.end) }
            let reply = try await client.next()
            try reply.expectError(413, "body_too_large")
            #expect(reply["X-Memory-Status"] == "skipped; reason=error")
            #expect(reply["Connection"] == "close")
            try await client.ended()
            _ = try await gateway.log.line(with: "limits.body")
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A length that is too large gets 413 before any of the body is sent, and no 100 Continue")
    func announced() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let head = Self.line + "Expect: 100-continue\r\nContent-Length: \(41 * Self.mebibyte)\r\n\r\n"
            let client = try await gateway.connect()
            try await client.send(head)
            try await client.next().expectError(413, "body_too_large")
            await client.close()
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("Exactly limits.body is served, one byte more is not", arguments: Framing.allCases)
    func bound(framing: Framing) async throws {
        let recipe = GatewayRecipe(limits: #""body":"64KiB""#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            for (count, status) in [(64 * 1024, 200), (64 * 1024 + 1, 413)] {
                let client = try await gateway.connect()
                try await client.send(Self.line + framing.head(count))
                try await client.sendInPieces(Self.chat(count))
                if !framing.end.isEmpty { try await client.send(framing.end) }
                #expect(try await client.next().status == status)
                await client.close()
            }
            #expect(upstream.requests.map(\.body.readableBytes) == [64 * 1024])
        }
    }

    @Test("A gzip bomb gets 413; the limit counts what comes out")
    func bomb() async throws {
        let bomb = try Gzipped.bomb(41 * Self.mebibyte)
        #expect(bomb.readableBytes < 64 * 1024)
        try await refuses(bomb, 413, "body_too_large")
    }

    @Test("Gzip that is none, is cut, or hides a bad body is refused")
    func brokenGzip() async throws {
        let whole = try Gzipped.bytes(#"{"messages":[]}"#)
        let cut = try #require(whole.getSlice(at: 0, length: whole.readableBytes - 6))
        try await refuses(cut, 400, "invalid_encoding")
        try await refuses(ByteBuffer(string: #"{"messages":[]}"#), 400, "invalid_encoding")
        try await refuses(ByteBuffer(), 400, "invalid_encoding")
        try await refuses(try Gzipped.bytes("{"), 400, "invalid_request")
    }

    @Test("Codings that are not read get 415", arguments: ["br", "zstd", "deflate", "gzip, gzip", "?"])
    func otherCoding(coding: String) async throws {
        try await refuses(ByteBuffer(string: "{}"), 415, "unsupported_encoding", coding: coding)
    }

    @Test("More messages than limits.messages get 413")
    func manyMessages() async throws {
        let message = #"{"role":"user","content":""}"#
        let messages = Array(repeating: message, count: 10_001).joined(separator: ",")
        try await withGateway(.init(), .numbered) { gateway, upstream in
            try await gateway.chat(#"{"messages":[\#(messages)]}"#).expectError(413, "too_many_messages")
            _ = try await gateway.log.line(with: "messages")
            try await gateway.expectUntouched(upstream)
        }
    }

    private func refuses(
        _ body: ByteBuffer, _ status: Int, _ code: String, coding: String = "gzip",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                Self.line + "Content-Encoding: \(coding)\r\nContent-Length: \(body.readableBytes)\r\n\r\n")
            try await client.send(body)
            try await client.next().expectError(status, code, sourceLocation: sourceLocation)
            _ = try await gateway.log.line(with: "status=\(status)")
            await client.close()
            try await gateway.expectUntouched(upstream, sourceLocation: sourceLocation)
        }
    }
}
