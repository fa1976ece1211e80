import GatewayTesting
import MemoryStore
import NIOCore
import Testing

/// A request that follows a reply whose record is not on the disk yet.
@Suite("A request finds what was answered before", .timeLimit(.minutes(15)))
struct FollowUpTests {
    private static let relaxed = GatewayRecipe(
        gateway: #""durability":"relaxed""#, policy: #""record":{"deadline":"1s"}"#)

    /// A client that has sent its next question.
    private static func followUp(_ gateway: TestGateway) async throws -> WireConnection {
        let client = try await gateway.connect()
        try await client.send(
            TestGateway.request(
                "POST", "/v1/chat/completions", fields: Turns.session, body: Turns.body(Turns.later)))
        return client
    }

    @Test("With relaxed durability it waits for the record of its session, on any connection")
    func waits() async throws {
        try await withGateway(Self.relaxed, .numbered) { gateway, upstream in
            gateway.storage.hold()
            let first = try await gateway.chat(Turns.body(), fields: Turns.session)
            #expect(first.status == 200)
            // Other sessions do not wait.
            let other = try await gateway.chat(Turns.body(), fields: "X-Session-Id: t\r\n")
            #expect(other.status == 200)

            let client = try await Self.followUp(gateway)
            try await gateway.time.advance(by: .milliseconds(900))
            #expect(upstream.requests.count == 2)
            try gateway.storage.open()
            let later = try await client.next()
            #expect(later.status == 200)
            #expect(later["X-Memory-Status"] == "ok")
            let messages = [Turns.question, Turns.assistant("a0"), Turns.later].joined(separator: ",")
            #expect(upstream.requests.last?.text == #"{"stream":false,"messages":[\#(messages)]}"#)
        }
    }

    @Test("A store that is stuck holds it for no longer than record.deadline; it says so")
    func late() async throws {
        try await withGateway(Self.relaxed, .numbered) { gateway, upstream in
            gateway.storage.hold()
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            let client = try await Self.followUp(gateway)
            try await gateway.time.advance(in: .milliseconds(100)) { upstream.requests.count == 2 }
            let later = try await client.next()
            #expect(later["X-Memory-Status"] == "degraded; reason=store-slow")
            #expect(upstream.requests.last?.text == Turns.body(Turns.later))
            try gateway.storage.open()
            try await gateway.storage.settled(2)
            #expect(try gateway.messages("s").count == 4)
        }
    }

    @Test("Where the store cannot say whether all is there, it goes on and says so")
    func failing() async throws {
        try await withGateway(Self.relaxed, .numbered) { gateway, upstream in
            gateway.storage.hold()
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            gateway.storage.refuse(StoreError(.overloaded, "the queue is full"))
            let later = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            #expect(later["X-Memory-Status"] == "degraded; reason=store-error")
            gateway.storage.fail(StoreError(.full, "no room"))
            let last = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            #expect(last["X-Memory-Status"] == "degraded; reason=store-full")
            #expect(upstream.requests.count == 3)
        }
    }

    @Test("A client that leaves while it waits asks the model nothing")
    func leaves() async throws {
        try await withGateway(Self.relaxed, .numbered) { gateway, upstream in
            gateway.storage.hold()
            _ = try await gateway.chat(Turns.body(), fields: Turns.session)
            let client = try await Self.followUp(gateway)
            try await gateway.time.advance(by: .milliseconds(100))
            await client.close()
            try await gateway.knowsWhoLeft()
            let before = upstream.requests.count
            try gateway.storage.open()
            let next = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            #expect(next.status == 200)
            #expect(upstream.requests.count == before + 1)
        }
    }

    @Test("With acknowledged durability a reply that was released late is waited for too")
    func releasedLate() async throws {
        let recipe = GatewayRecipe(policy: #""record":{"deadline":"1s"}"#)
        try await withGateway(recipe, .numbered) { gateway, upstream in
            gateway.storage.hold()
            let first = try await gateway.connect()
            try await first.send(Turns.request())
            try await gateway.storage.asked(1)
            try await gateway.time.advance(by: .seconds(1))
            #expect(try await first.next()["X-Memory-Status"] == "degraded; reason=store-slow")
            let later = try await Self.followUp(gateway)
            try await gateway.time.advance(by: .milliseconds(900))
            #expect(upstream.requests.count == 1)
            try gateway.storage.open()
            #expect(try await later.next().status == 200)
            #expect(upstream.requests.last?.text.contains(#""a0""#) == true)
        }
    }
}
