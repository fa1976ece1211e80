import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Upstreams that are too slow", .timeLimit(.minutes(15)))
struct SlowUpstreamTests {
    @Test("No head within firstByteTimeout is 504; the model is stopped", arguments: [true, false])
    func firstByte(isStream: Bool) async throws {
        let recipe = GatewayRecipe(upstream: #""firstByteTimeout":"2s""#)
        try await withGateway(recipe, .first { try await $0.ended() }) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: isStream))
            _ = try await upstream.request(0)
            try await gateway.time.advance(by: .milliseconds(1900))
            #expect(client.state.look(\.received) == 0)
            try await gateway.time.advance(by: .milliseconds(300))
            let reply = try await client.next()
            try reply.expectError(504, "upstream_timeout")
            #expect(reply.text.contains("firstByteTimeout"))
            #expect(reply["X-Memory-Status"] == "ok")
            try await upstream.connection(0).ended()
            try await goesOn(gateway, ["- failed \(Turns.question)"])
        }
    }

    @Test("No head within firstByteTimeout is 504 on transparent paths, while a body is sent too")
    func transparent() async throws {
        let recipe = GatewayRecipe(upstream: #""firstByteTimeout":"2s""#)
        try await withGateway(recipe, .silent) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(TestGateway.request("GET", "/v1/models"))
            _ = try await upstream.request(0)
            try await gateway.time.advance(by: .seconds(3))
            try await client.next().expectError(504, "upstream_timeout")
            try await upstream.connection(0).ended()
        }
    }

    @Test("A stream that pauses longer than idleTimeout is cut and kept as incomplete")
    func idleStream() async throws {
        let script = ScriptedUpstream.Script.first { connection in
            try await connection.send(ModelReply.chunkedHead() + ModelReply.chunk(ModelReply.delta("par")))
            try await connection.ended()
        }
        let recipe = GatewayRecipe(upstream: #""idleTimeout":"2s""#)
        try await withGateway(recipe, script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            _ = try await client.partial { $0.body.readableBytes > 0 }
            try await gateway.time.advance(by: .seconds(3))
            let cut = try #require(try await client.ended())
            #expect(cut.text == ModelReply.delta("par"))
            try await upstream.connection(0).ended()
            try await goesOn(
                gateway, ["- failed \(Turns.question)", "- incomplete \(Turns.assistant("par"))"])
        }
    }

    @Test("A plain reply that pauses longer than idleTimeout is 504 where nothing of it has left")
    func idlePlain() async throws {
        let script = ScriptedUpstream.Script.first { connection in
            try await connection.send(String(ModelReply.whole(ModelReply.completion("x")).dropLast(9)))
            try await connection.ended()
        }
        // On a busy machine much of the test's time passes before the head comes.
        let limits = #""idleTimeout":"2s","firstByteTimeout":"168h","totalTimeout":"168h""#
        try await withGateway(GatewayRecipe(upstream: limits), script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request())
            try await gateway.time.advance(in: .milliseconds(500)) { client.state.look(\.received) > 0 }
            let reply = try await client.next()
            try reply.expectError(504, "upstream_timeout")
            #expect(reply.text.contains("idleTimeout"))
            try await upstream.connection(0).ended()
            try await goesOn(gateway, ["- failed \(Turns.question)"])
        }
    }

    @Test("A stream that never ends is cut after totalTimeout")
    func total() async throws {
        // One event after another, each when the client has the one before: nobody ever holds the upstream.
        let taken = Watched(0)
        let script = ScriptedUpstream.Script.first { connection in
            try await connection.send(ModelReply.chunkedHead())
            for number in 0... {
                try await taken.until { $0 >= number }
                try await connection.send(ModelReply.chunk(ModelReply.delta("more")))
            }
        }
        let recipe = GatewayRecipe(upstream: #""totalTimeout":"1s""#)
        try await withGateway(recipe, script) { gateway, upstream in
            let client = try await gateway.connect()
            try await client.send(Turns.request(stream: true))
            while !client.state.look(\.isClosed) {
                let next = taken.look { $0 } + 1
                _ = try? await client.partial { $0.chunks.count >= next }
                taken.update { $0 = next }
                try await gateway.time.advance(by: .milliseconds(100))
            }
            try await upstream.connection(0).ended()
            _ = try await gateway.log.line(with: "totalTimeout")
            try await gateway.storage.settled(1)
            let statuses = try gateway.messages("s").map(\.message.status)
            #expect(statuses.first == .failed)
            #expect(!statuses.contains(.complete))
        }
    }

    /// Checks the record of the first turn, and that another one follows it.
    private func goesOn(_ gateway: TestGateway, _ record: [String]) async throws {
        _ = try await gateway.log.line(with: "upstream failed")
        try await gateway.storage.settled(1)
        #expect(try gateway.transcript("s") == record)
        let next = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
        #expect(next.status == 200)
        let turn = ["1 complete \(Turns.later)", "1 complete \(Turns.laterReply)"]
        #expect(try gateway.transcript("s") == record + turn)
    }
}
