import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Upstreams that break off or answer garbage", .timeLimit(.minutes(15)))
struct CutReplyTests {
    /// What an upstream sends before it closes, and what the client is told.
    struct Torso: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: String
        var code: String
        /// The lines of the record behind the question.
        var kept: [String] = []

        var testDescription: String { name }

        init(_ name: String, _ bytes: String, _ code: String = "upstream_cut", kept: [String] = []) {
            self.name = name
            self.bytes = bytes
            self.code = code
            self.kept = kept
        }
    }

    private static let json = ModelReply.completion("never to be read")
    private static let text = ["- incomplete \(Turns.assistant("never to be read"))"]
    private static let unanswered = [
        Torso("nothing", ""), Torso("half a status line", "HTTP/1.1 20"),
        Torso("half a head", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Le"),
        Torso(
            "a head alone",
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"),
        Torso("half a plain body", String(ModelReply.whole(json).dropLast(20))),
        Torso(
            "half a chunked body",
            ModelReply.chunkedHead(type: "application/json") + ModelReply.chunk(json), kept: text),
        Torso(
            "a broken chunk",
            ModelReply.chunkedHead(type: "application/json") + ModelReply.chunk(json) + "zz\r\n", kept: text),
        Torso("words", "hello there, this is no HTTP\r\n\r\n", "upstream_malformed"),
        Torso("another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "upstream_malformed"),
        Torso("zero bytes", String(repeating: "\u{0}", count: 100), "upstream_malformed"),
        Torso("a status in words", "HTTP/1.1 fine OK\r\n\r\n", "upstream_malformed"),
    ]

    @Test(
        "A plain reply that never comes whole is 502; the question is kept as failed", arguments: unanswered)
    func plain(torso: Torso) async throws {
        let script = ScriptedUpstream.Script.first { connection in
            if !torso.bytes.isEmpty { try await connection.send(torso.bytes) }
            await connection.close()
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request())
            let reply = try await client.next()
            try reply.expectError(502, torso.code)
            #expect(reply["X-Session-Id"] == "s")
            _ = try await gateway.log.line(with: "upstream failed")
            try await gateway.storage.settled(1)
            // The chat goes on, on the same connection.
            try await client.send(
                TestGateway.request(
                    "POST", "/v1/chat/completions", fields: Turns.session, body: Turns.body(Turns.later)))
            #expect(try await client.next().text == ModelReply.completion("later"))
            #expect(upstream.requests.map(\.text) == [Turns.body(), Turns.body(Turns.later)])
            #expect(
                try gateway.transcript("s") == ["- failed \(Turns.question)"] + torso.kept + [
                    "1 complete \(Turns.later)", "1 complete \(Turns.laterReply)",
                ])
        }
    }

    @Test(
        "A reset counts as cut, on transparent paths too", arguments: ["/v1/chat/completions", "/v1/files"])
    func reset(path: String) async throws {
        try await withGateway(.init(), .first { try await $0.reset() }) { gateway, _ in
            try await gateway.chat(Turns.body(), path: path).expectError(502, "upstream_cut")
            #expect(try await gateway.chat(Turns.body(), path: path).status == 200)
        }
    }

    @Test("A stream that is cut behind its head is cut for the client", arguments: [true, false])
    func stream(hasText: Bool) async throws {
        let script = ScriptedUpstream.Script.first { connection in
            let text = hasText ? ModelReply.chunk(ModelReply.delta("par") + "data: {\"half") : ""
            try await connection.send(ModelReply.chunkedHead() + text)
            await connection.close()
        }
        try await withGateway(.init(), script) { gateway, _ in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            let cut = try #require(try await client.ended())
            #expect(cut.status == 200)
            #expect(!cut.isWhole)
            // What was sent is passed on, the half event too.
            #expect(cut.text == (hasText ? ModelReply.delta("par") + "data: {\"half" : ""))
            try await gateway.storage.settled(1)
            let kept =
                hasText
                ? ["- failed \(Turns.question)", "- incomplete \(Turns.assistant("par"))"]
                : ["- failed \(Turns.question)"]
            #expect(try gateway.transcript("s") == kept)
            #expect(try await gateway.chat(Turns.body(Turns.later)).status == 200)
        }
    }

    @Test("A long plain reply that is cut is cut for the client, and an HTTP/1.0 client is reset")
    func longPlain() async throws {
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ModelReply.chunk(String(repeating: "x", count: 500_000)))
            await connection.close()
        }
        try await withGateway(.init(), script) { gateway, _ in
            for version in ["1.1", "1.0"] {
                let client = try await gateway.connect()
                try await client.send("GET /v1/files HTTP/\(version)\r\nHost: h\r\n\r\n")
                let cut = try #require(try await client.ended())
                #expect(cut.status == 200)
                #expect(!cut.isWhole)
                #expect(cut.framing == (version == "1.1" ? .chunked : .close))
                #expect(client.state.look(\.isReset) == (version == "1.0"))
            }
        }
    }

    @Test("A kept connection that closes instead of answering costs no chat", arguments: [true, false])
    func stale(isStream: Bool) async throws {
        try await withGateway(.init(), .everySecondCloses) { gateway, upstream in
            for number in 0..<3 {
                let body = Turns.body(Turns.user("\(number)"), stream: isStream)
                let reply = try await gateway.chat(body, fields: Turns.session)
                #expect(reply.status == 200)
            }
            #expect(upstream.requests.count == 5)
            #expect(try gateway.messages("s").count == 6)
        }
    }

    @Test("A question whose record never came is interrupted for the next start")
    func interrupted() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            gateway.storage.hold()
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            try await gateway.storage.asked(1)
            let count = try gateway.storage.recoverInterrupted(at: Timestamp(microseconds: 1))
            #expect(count == 1)
            #expect(try gateway.transcript("s") == ["- interrupted \(Turns.question)"])
        }
    }
}
