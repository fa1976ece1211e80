import GatewayTesting
import MemoryStore
import NIOCore
import Testing

@Suite("The end of a stream waits for the disk", .timeLimit(.minutes(15)))
struct HeldStreamTests {
    /// Long enough that only what a test does releases a reply.
    private static let patient = GatewayRecipe(policy: #""record":{"deadline":"60s"}"#)
    private static let before = ModelReply.delta("a") + ModelReply.delta("b")
    private static let whole = ModelReply.stream("a", "b")
    /// The whole stream, however its parts are sent.
    private static let scripts = [
        ModelReply.chunked(whole),
        ModelReply.chunkedHead() + ModelReply.chunk(before) + ModelReply.chunk(ModelReply.finish)
            + ModelReply.chunk(ModelReply.done) + ModelReply.lastChunk,
        ModelReply.whole(whole, type: "text/event-stream"),
    ]

    /// A client that has everything but the end, which is held.
    private static func held(_ gateway: TestGateway) async throws -> WireConnection {
        let client = try await gateway.connect()
        try await client.send(Turns.request(stream: true))
        try await gateway.storage.asked(1)
        let partial = try await client.partial { $0.body.readableBytes >= before.utf8.count }
        #expect(partial.text == before)
        #expect(partial["X-Memory-Status"] == "ok")
        #expect(!partial.isWhole)
        return client
    }

    @Test("The client has all but the finishing event until the commit, then all of it", arguments: scripts)
    func released(reply: String) async throws {
        try await withGateway(Self.patient, .always(reply)) { gateway, _ in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            #expect(try gateway.messages("s").isEmpty)
            // Other requests are served meanwhile, and nothing more of this one leaves.
            #expect(try await gateway.send("GET", "/v1/models").status == 200)
            #expect(try await client.partial { _ in true }.text == Self.before)
            try gateway.storage.open()
            let whole = try await client.next()
            #expect(whole.text == Self.whole)
            #expect(try gateway.messages("s").count == 2)
        }
    }

    @Test(
        "A held stream ends when its commit fails; the log says so",
        arguments: [StoreError.Code.full, .system])
    func failing(code: StoreError.Code) async throws {
        try await withGateway(Self.patient, .always(Self.scripts[1])) { gateway, _ in
            gateway.storage.fail(StoreError(code, "the disk is no more"))
            let reply = try await gateway.chat(Turns.body(stream: true), fields: Turns.session)
            #expect(reply.text == Self.whole)
            #expect(try await gateway.log.line(with: "commit failed").contains("the disk is no more"))
            #expect(try gateway.messages("s").isEmpty)
            try await goesOn(gateway)
        }
    }

    @Test("A stream whose record the store does not take ends all the same")
    func refusing() async throws {
        try await withGateway(Self.patient, .always(Self.scripts[1])) { gateway, _ in
            gateway.storage.refuse(StoreError(.overloaded, "the queue is full"))
            let reply = try await gateway.chat(Turns.body(stream: true), fields: Turns.session)
            #expect(reply.text == Self.whole)
            #expect(try await gateway.log.line(with: "not recorded").contains("the queue is full"))
            try await goesOn(gateway)
        }
    }

    @Test("record.deadline releases a stream that waits for a stuck store; its record comes later")
    func late() async throws {
        let recipe = GatewayRecipe(policy: #""record":{"deadline":"1s"}"#)
        try await withGateway(recipe, .always(Self.scripts[1])) { gateway, _ in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            try await gateway.time.advance(by: .milliseconds(999))
            #expect(client.state.look(\.messages).isEmpty)
            try await gateway.time.advance(by: .milliseconds(1))
            #expect(try await client.next().text == Self.whole)
            _ = try await gateway.log.line(with: "released before its commit")
            #expect(try gateway.messages("s").isEmpty)
            try gateway.storage.open()
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s").last == "1 complete \(Turns.assistant("ab"))")
        }
    }

    @Test("A client that leaves while its end is held loses nothing of the record", arguments: [true, false])
    func left(isReset: Bool) async throws {
        try await withGateway(Self.patient, .always(Self.scripts[1])) { gateway, upstream in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            if isReset { try await client.reset() } else { await client.close() }
            #expect(try await gateway.send("GET", "/v1/models").status == 200)
            try gateway.storage.open()
            try await gateway.storage.settled(1)
            #expect(
                try gateway.transcript("s") == [
                    "1 complete \(Turns.question)", "1 complete \(Turns.assistant("ab"))",
                ])
            #expect(gateway.storage.asked == 1)
        }
    }

    @Test("With relaxed durability nothing is held")
    func relaxed() async throws {
        let recipe = GatewayRecipe(gateway: #""durability":"relaxed""#)
        try await withGateway(recipe, .always(Self.scripts[1])) { gateway, _ in
            gateway.storage.hold()
            let reply = try await gateway.chat(Turns.body(stream: true), fields: Turns.session)
            #expect(reply.text == Self.whole)
            #expect(try gateway.messages("s").isEmpty)
        }
    }

    @Test("The next request of a held reply's connection waits for its end")
    func pipelined() async throws {
        try await withGateway(Self.patient, .always(Self.scripts[1])) { gateway, _ in
            gateway.storage.hold()
            let client = try await Self.held(gateway)
            try await client.send(TestGateway.request("GET", "/v1/models"))
            try gateway.storage.open()
            #expect(try await client.next().text == Self.whole)
            #expect(try await client.next()["X-Memory-Status"] == nil)
        }
    }

    private func goesOn(_ gateway: TestGateway) async throws {
        try gateway.storage.open()
        let next = try await gateway.chat(Turns.body(Turns.later, stream: true), fields: Turns.session)
        #expect(next.text == Self.whole)
        #expect(try gateway.transcript("s").last == "1 complete \(Turns.assistant("ab"))")
    }
}
