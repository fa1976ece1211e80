import ChatWire
import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Chat bodies go up and come down as they were", .timeLimit(.minutes(15)))
struct ChatBytesTests {
    /// A body with everything that a decoder and encoder would change.
    static let odd =
        #"{ "model" : "m\u0041","temperature":1.0e+00,"x":{"b":1,"a":2,"b":3},"messages":[ {"content":"h\u00e9 \/ é 你 \ud83d\ude00","role":"user" } ],"#
        + "\n\t\"seed\":12345678901234567890123,\"stream\" : false,\"stop\":null }\r\n"

    @Test(
        "With nothing to add the upstream gets the client's bytes",
        arguments: [
            "", "X-Session-Id: s\r\n", "X-Memory-Mode: off\r\n", "X-Memory-Mode: read\r\n",
            "X-Memory-Mode: write\r\n", "X-Memory-Task: title\r\n",
        ])
    func untouched(fields: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(Self.odd, fields: fields)
            #expect(reply.text == ModelReply.completion("a0"))
            let request = try await upstream.request(0)
            #expect(request.text == Self.odd)
            #expect(request.target == "/v1/chat/completions")
        }
    }

    @Test(
        "Routes to chat completions with and without /v1 and with segments",
        arguments: [
            "/v1/chat/completions", "/chat/completions", "/u/a/v1/chat/completions", "/u/a/chat/completions",
            "/s/x/u/a/p/default/v1/chat/completions?api-version=1",
        ])
    func routes(path: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(#"{"messages":[{"role":"user","content":"hi"}]}"#, path: path)
            #expect(reply["X-Memory-Status"] == "ok")
            #expect(upstream.requests.first?.target.hasPrefix("/v1/chat/completions") ?? false)
        }
    }

    @Test("The memory member is taken out, wherever it stands, and nothing else changes")
    func memoryMember() async throws {
        let cases = [
            (
                #"{"memory":{"session":"s1"},"model":"m","messages":[{"role":"user","content":"a"}]}"#,
                #"{"model":"m","messages":[{"role":"user","content":"a"}]}"#
            ),
            (
                #"{"model":"m","memory":{},"messages":[{"role":"user","content":"a"}]}"#,
                #"{"model":"m","messages":[{"role":"user","content":"a"}]}"#
            ),
            (
                #"{"model":"m","messages":[{"role":"user","content":"a"}],"memory":{"mode":"write"}}"#,
                #"{"model":"m","messages":[{"role":"user","content":"a"}]}"#
            ),
            (
                #"{"m\u0065mory":{"mode":"off"},"messages":[{"role":"user","content":"a"}]}"#,
                #"{"messages":[{"role":"user","content":"a"}]}"#
            ),
            (#"{"memory":{"mode":"full"}}"#, "{}"),
        ]
        try await withGateway(.init(), .numbered) { gateway, upstream in
            for (body, expected) in cases {
                _ = try await gateway.chat(body)
                #expect(upstream.requests.last?.text == expected)
            }
        }
    }

    @Test("Replies ask for identity; the client's own fields go up, ours do not")
    func upstreamFields() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.chat(
                "{}",
                fields:
                    "Authorization: Bearer k\r\nAccept-Encoding: gzip, br\r\nIdempotency-Key: i\r\nX-User-Id: u\r\n"
            )
            let request = try await upstream.request(0)
            #expect(request.all("Accept-Encoding") == ["identity"])
            #expect(request["Authorization"] == "Bearer k")
            #expect(request["Idempotency-Key"] == "i")
            #expect(request["X-User-Id"] == nil)
            #expect(request.framing == .length)
        }
    }

    @Test("A gzip body is decoded, a chunked one gathered")
    func codings() async throws {
        let body = #"{"messages":[{"role":"user","content":"hi"}]}"#
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + body.map { ModelReply.chunk(String($0)) }.joined() + "0\r\n\r\n")
            #expect(upstream.requests.last?.text == body)
            let client = try await gateway.connect()
            let packed = try Gzipped.bytes(body)
            try await client.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.readableBytes)\r\n\r\n"
            )
            try await client.send(packed)
            #expect(try await client.next().status == 200)
            #expect(upstream.requests.last?.text == body)
            #expect(upstream.requests.last?["Content-Encoding"] == nil)
        }
    }

    @Test("Every reply on record is relayed byte for byte", arguments: try ReplyFixtures.all())
    func fixtures(fixture: ReplyFixtures.Fixture) async throws {
        let head =
            "HTTP/1.1 \(fixture.status) X\r\nContent-Type: \(fixture.contentType)\r\nContent-Length: \(fixture.body.readableBytes)\r\n\r\n"
        let script = ScriptedUpstream.Script.requests { request, number, connection in
            try await connection.send(head)
            try await connection.sendInPieces(fixture.body, of: [1 << 20, 1000, 333, 7][number])
        }
        try await withGateway(.init(), script) { gateway, _ in
            for _ in 0..<4 {
                let reply = try await gateway.chat(
                    #"{"stream":\#(fixture.isStream),"messages":[{"role":"user","content":"hi"}]}"#,
                    fields: "X-Session-Id: s\r\n")
                #expect(reply.status == fixture.status)
                #expect(reply.body == fixture.body)
                #expect(reply.framing == .length)
            }
        }
    }
}
