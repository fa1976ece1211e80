import GatewayTesting
import MemoryStore
import NIOCore
import Testing

@Suite("The end of a plain reply waits for the disk", .timeLimit(.minutes(15)))
struct HeldReplyTests {
    /// Long enough that only what a test does releases a reply.
    private static let patient = GatewayRecipe(policy: #""record":{"deadline":"60s"}"#)
    private static let json = ModelReply.completion("a")
    private static let replies = [
        ModelReply.whole(json), ModelReply.chunked(json, type: "application/json"),
    ]
    private static let record = [
        "1 complete \(Turns.question)", "1 complete \(Turns.assistant("a"))",
    ]

    /// A client whose reply is held.
    private static func held(_ gateway: TestGateway) async throws -> WireConnection {
        let client = try await gateway.connect()
        try await client.send(Turns.request())
        try await gateway.storage.asked(1)
        return client
    }

    @Test("Of a short reply nothing leaves before the commit", arguments: replies)
    func released(reply: String) async throws {
        try await withGateway(Self.patient, .always(reply)) { gateway, _ in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            #expect(try await gateway.send("GET", "/v1/models").status == 200)
            #expect(client.state.look(\.received) == 0)
            #expect(try gateway.messages("s").isEmpty)
            try gateway.storage.open()
            let whole = try await client.next()
            #expect(whole.text == Self.json)
            #expect(whole["X-Memory-Status"] == "ok")
            #expect(try gateway.transcript("s") == Self.record)
        }
    }

    @Test("Of a long reply the last piece waits")
    func long() async throws {
        let text = String(repeating: "long ", count: 40_000)
        let json = ModelReply.completion(text)
        let seen = Watched(false)
        let script = ScriptedUpstream.Script.requests { _, _, connection in
            try await connection.send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n"
                    + json.dropLast(20))
            try await seen.until { $0 }
            try await connection.send(String(json.suffix(20)))
        }
        try await withGateway(Self.patient, script) { gateway, _ in
            gateway.storage.hold()
            let client = try await gateway.connect()
            try await client.send(Turns.request())
            // Pieces leave while the reply is on its way.
            _ = try await client.partial { $0.body.readableBytes > 0 }
            seen.update { $0 = true }
            try await gateway.storage.asked(1)
            _ = try await gateway.send("POST", "/v1/chat/completions", body: "{")
            let partial = try await client.partial { _ in true }
            #expect(partial.body.readableBytes < json.utf8.count)
            #expect(!partial.isWhole)
            try gateway.storage.open()
            #expect(try await client.next().text == json)
        }
    }

    @Test(
        "A reply whose record fails says so, and is whole",
        arguments: [
            (StoreError.Code.full, "store-full"), (.system, "store-error"), (.tooLarge, "store-error"),
        ])
    func failing(code: StoreError.Code, word: String) async throws {
        try await withGateway(Self.patient, .always(Self.replies[0])) { gateway, _ in
            gateway.storage.fail(StoreError(code, "the disk is no more"))
            let failed = try await gateway.chat(Turns.body(), fields: Turns.session)
            #expect(failed.text == Self.json)
            #expect(failed["X-Memory-Status"] == "degraded; reason=\(word)")
            #expect(try await gateway.log.line(with: "commit failed").contains("the disk is no more"))
            gateway.storage.refuse(StoreError(code, "nothing is taken"))
            let refused = try await gateway.chat(Turns.body(), fields: Turns.session)
            #expect(refused.text == Self.json)
            #expect(refused["X-Memory-Status"] == "degraded; reason=\(word)")
            #expect(try await gateway.log.line(with: "not recorded").contains("nothing is taken"))
            try gateway.storage.open()
            let next = try await gateway.chat(Turns.body(), fields: Turns.session)
            #expect(next["X-Memory-Status"] == "ok")
            #expect(try gateway.transcript("s") == Self.record)
        }
    }

    @Test("record.deadline releases a reply that waits for a stuck store, and it says so")
    func late() async throws {
        let recipe = GatewayRecipe(policy: #""record":{"deadline":"1s"}"#)
        try await withGateway(recipe, .always(Self.replies[0])) { gateway, _ in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            try await gateway.time.advance(by: .milliseconds(999))
            #expect(client.state.look(\.received) == 0)
            try await gateway.time.advance(by: .milliseconds(1))
            let reply = try await client.next()
            #expect(reply.text == Self.json)
            #expect(reply["X-Memory-Status"] == "degraded; reason=store-slow")
            _ = try await gateway.log.line(with: "released before its commit")
            try gateway.storage.open()
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == Self.record)
        }
    }

    @Test(
        "A client that leaves while its reply is held loses nothing of the record", arguments: [true, false])
    func left(isReset: Bool) async throws {
        try await withGateway(Self.patient, .always(Self.replies[0])) { gateway, _ in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            if isReset { try await client.reset() } else { await client.close() }
            _ = try await gateway.send("POST", "/v1/chat/completions", body: "{")
            try gateway.storage.open()
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == Self.record)
            #expect(gateway.storage.asked == 1)
        }
    }

    @Test("Twenty held replies of a session leave together, each round whole")
    func many() async throws {
        try await withGateway(Self.patient, .numbered) { gateway, _ in
            gateway.storage.hold()
            var clients: [WireConnection] = []
            for _ in 0..<20 {
                let client = try await gateway.connect()
                try await client.send(Turns.request())
                clients.append(client)
            }
            try await gateway.storage.asked(20)
            try gateway.storage.open()
            for client in clients { #expect(try await client.next()["X-Memory-Status"] == "ok") }
            let rounds = try gateway.transcript("s").map { $0.prefix { $0 != " " } }
            #expect(rounds.count == 40)
            #expect(Set(rounds) == Set((1...20).map { "\($0)" }))
        }
    }
}
