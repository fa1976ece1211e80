import ChatWire
import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Turns that fail, are cut or are left", .timeLimit(.minutes(15)))
struct BrokenTurnTests {
    private static let session = "X-Session-Id: s\r\n"
    private static let one = #"{"role":"user","content":"one"}"#
    private static let two = #"{"role":"user","content":"two"}"#

    private static func body(_ messages: String..., stream: Bool = false) -> String {
        #"{"stream":\#(stream),"messages":[\#(messages.joined(separator: ","))]}"#
    }

    /// The first request meets `first`, later ones an ordinary reply.
    private static func after(_ first: @escaping @Sendable (WireConnection) async throws -> Void)
        -> ScriptedUpstream.Script
    {
        .requests { _, number, connection in
            if number == 0 {
                try await first(connection)
            } else {
                try await connection.send(ModelReply.whole(ModelReply.completion("a1")))
            }
        }
    }

    @Test("A failed question is kept without a round and is not replayed")
    func failed() async throws {
        let script = Self.after { connection in
            try await connection.send(ModelReply.whole(#"{"error":{"message":"boom"}}"#, status: "500 No"))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            _ = try await gateway.chat(Self.body(Self.one), fields: Self.session)
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.two))
            #expect(
                try gateway.transcript("s") == [
                    "- failed \(Self.one)", "1 complete \(Self.two)",
                    #"1 complete {"role":"assistant","content":"a1"}"#,
                ])
        }
    }

    @Test("A cut stream is cut for the client, kept as incomplete, and not replayed")
    func cutStream() async throws {
        let script = Self.after { connection in
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk(ModelReply.delta("par")))
            await connection.close()
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.session,
                    body: Self.body(Self.one, stream: true)))
            let cut = try #require(try await client.ended())
            #expect(cut.text == ModelReply.delta("par"))
            #expect(!cut.isWhole)
            try await gateway.storage.settled(1)
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.two))
            let kept = try gateway.messages("s").filter {
                $0.message.role == .assistant && $0.message.status == .incomplete
            }
            #expect(
                kept.map { String(buffer: $0.message.body) } == [#"{"role":"assistant","content":"par"}"#])
        }
    }

    @Test("A stream that ends without a finish reason is whole for the client and incomplete for memory")
    func unfinishedStream() async throws {
        let script = Self.after { connection in
            try await connection.send(ModelReply.chunked(ModelReply.delta("par")))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let reply = try await gateway.chat(Self.body(Self.one, stream: true), fields: Self.session)
            #expect(reply.text == ModelReply.delta("par"))
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.two))
        }
    }

    @Test("An error inside of a stream is never stored as if the model said it")
    func errorInStream() async throws {
        let script = Self.after { connection in
            try await connection.send(
                ModelReply.chunked(
                    ModelReply.delta("par") + "data: {\"error\":{\"message\":\"boom\"}}\n\n" + ModelReply.done
                ))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let reply = try await gateway.chat(Self.body(Self.one, stream: true), fields: Self.session)
            #expect(reply.text.contains("boom"))
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.two))
            let transcript = try gateway.transcript("s")
            #expect(!transcript.contains { $0.contains("boom") })
        }
    }

    @Test("A client that leaves a stream stops the model at once; what it got is kept and replayed")
    func leftStream() async throws {
        let script = Self.after { connection in
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk(ModelReply.delta("par")))
            try await connection.ended()
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.session,
                    body: Self.body(Self.one, stream: true)))
            _ = try await client.partial { $0.body.readableBytes > 0 }
            await client.close()
            try await upstream.connection(0).ended()
            try await gateway.storage.settled(1)
            #expect(
                try gateway.transcript("s") == [
                    "1 complete \(Self.one)", #"1 disconnected {"role":"assistant","content":"par"}"#,
                ])
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(
                upstream.requests.last?.text
                    == Self.body(Self.one, #"{"role":"assistant","content":"par"}"#, Self.two))
        }
    }

    @Test("A client that leaves before the first byte of a stream stops the model; the question is kept")
    func leftBeforeReply() async throws {
        try await withGateway(.init(), Self.after { try await $0.ended() }) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.session,
                    body: Self.body(Self.one, stream: true)))
            _ = try await upstream.request(0)
            await client.close()
            try await upstream.connection(0).ended()
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == ["- disconnected \(Self.one)"])
        }
    }

    @Test("A plain reply whose client has left is read to its end and kept")
    func leftPlain() async throws {
        let gate = Watched(false)
        let script = Self.after { connection in
            try await gate.until { $0 }
            try await connection.send(ModelReply.whole(ModelReply.completion("late")))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.session, body: Self.body(Self.one)))
            _ = try await upstream.request(0)
            await client.close()
            try await gateway.knowsWhoLeft()
            gate.update { $0 = true }
            try await gateway.storage.settled(1)
            #expect(
                try gateway.transcript("s").last == #"1 disconnected {"role":"assistant","content":"late"}"#)
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(upstream.requests.last?.text.contains("late") == true)
        }
    }

    @Test("A plain reply whose client has left is given up after record.drainTimeout")
    func drainTimeout() async throws {
        let recipe = GatewayRecipe(policy: #""record":{"drainTimeout":"20s"}"#)
        try await withGateway(recipe, Self.after { try await $0.ended() }) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Self.session, body: Self.body(Self.one)))
            _ = try await upstream.request(0)
            await client.close()
            try await gateway.knowsWhoLeft()
            try await gateway.time.advance(by: .seconds(20))
            try await upstream.connection(0).ended()
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == ["- disconnected \(Self.one)"])
        }
    }

    @Test(
        "Unrecorded requests are cancelled at once when their client leaves",
        arguments: ["X-Memory-Mode: off\r\n", "X-Memory-Task: title\r\n", "X-Memory-Mode: read\r\n"])
    func leftUnrecorded(fields: String) async throws {
        try await withGateway(.init(), .silent) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(
                TestGateway.request("POST", "/v1/chat/completions", fields: fields, body: Self.body(Self.one))
            )
            _ = try await upstream.request(0)
            await client.close()
            try await upstream.connection(0).ended()
        }
    }

    @Test(
        "A reply over limits.reply is relayed whole, kept up to there, said, and not replayed",
        arguments: [true, false])
    func tooLong(isStream: Bool) async throws {
        let long = String(repeating: "long ", count: 2000)
        let script = Self.after { connection in
            try await connection.send(
                isStream
                    ? ModelReply.chunked(ModelReply.stream(long, long))
                    : ModelReply.whole(ModelReply.completion(long)))
        }
        try await withGateway(.init(limits: #""reply":"4KiB""#), script) { gateway, upstream in
            let reply = try await gateway.chat(Self.body(Self.one, stream: isStream), fields: Self.session)
            #expect(reply.text == (isStream ? ModelReply.stream(long, long) : ModelReply.completion(long)))
            if !isStream { #expect(reply["X-Memory-Status"] == "degraded; reason=reply-size") }
            _ = try await gateway.chat(Self.body(Self.two), fields: Self.session)
            #expect(upstream.requests.last?.text == Self.body(Self.two))
            let kept = try gateway.messages("s").filter { $0.message.status == .incomplete }
            #expect(kept.count == 1)
            #expect(kept.allSatisfy { $0.message.body.readableBytes < 5000 })
        }
    }
}
