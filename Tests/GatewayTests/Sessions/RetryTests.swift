import GatewayTesting
import MemoryCore
import Testing

@Suite("Retries that announce themselves", .timeLimit(.minutes(15)))
struct RetryTests {
    private static let keyed = "Idempotency-Key: k-1\r\n"

    private static func tried(_ count: Int) -> String { "X-Stainless-Retry-Count: \(count)\r\n" }

    @Test("The same key and body is forwarded again and recorded once, the newest reply in front")
    func idempotencyKey() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            for _ in 0..<3 {
                let reply = try await gateway.chat(Turns.body(), fields: Turns.session + Self.keyed)
                #expect(reply.status == 200)
                #expect(reply["X-Memory-Injected"]?.contains("window=0") == true)
            }
            #expect(upstream.requests.count == 3)
            #expect(upstream.requests.allSatisfy { $0["Idempotency-Key"] == "k-1" })
            #expect(
                try gateway.transcript("s") == [
                    "1 complete \(Turns.question)", "1 complete \(Turns.assistant("a0"))",
                    "1 complete \(Turns.assistant("a1"))", "1 complete \(Turns.assistant("a2"))",
                ])
            _ = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session)
            let sent = try #require(upstream.requests.last?.text)
            #expect(
                sent
                    == Turns.body(
                        [Turns.question, Turns.assistant("a2"), Turns.later].joined(separator: ",")))
        }
    }

    @Test("Another key, or another body under the same key, is another round")
    func otherKey() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            _ = try await gateway.chat(Turns.body(), fields: Turns.session + Self.keyed)
            _ = try await gateway.chat(Turns.body(Turns.later), fields: Turns.session + Self.keyed)
            _ = try await gateway.chat(
                Turns.body(Turns.later), fields: Turns.session + "Idempotency-Key: k-2\r\n")
            let rounds = try gateway.messages("s").map(\.round)
            #expect(rounds == [1, 1, 2, 2, 3, 3])
        }
    }

    @Test("A further try without a session's name belongs to the session of the first")
    func unnamed() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let first = try await gateway.chat(Turns.body(), fields: Self.tried(0))
            let id = try #require(first["X-Session-Id"])
            let second = try await gateway.chat(Turns.body(), fields: Self.tried(1))
            #expect(second["X-Session-Id"] == id)
            #expect(try gateway.messages(id).map(\.round) == [1, 1, 1])
            // The same words without a word of a retry are somebody's new conversation.
            let third = try await gateway.chat(Turns.body(), fields: Self.tried(0))
            #expect(third["X-Session-Id"] != id && third["X-Memory-Session"] == "new")
        }
    }

    @Test("After tries that failed the one that does not answers the question, once")
    func afterFailures() async throws {
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            let failure = "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}"
            try await connection.send(
                number < 2 ? failure : ModelReply.whole(ModelReply.completion("at last")))
        }
        try await withGateway(.init(), script) { gateway, _ in
            for count in 0..<3 {
                _ = try await gateway.chat(Turns.body(), fields: Turns.session + Self.tried(count))
            }
            #expect(
                try gateway.transcript("s") == [
                    "1 complete \(Turns.question)", "1 complete \(Turns.assistant("at last"))",
                ])
        }
    }

    @Test("A further try while the first is running adds no round, whichever ends first", arguments: [0, 1])
    func overlapping(first: Int) async throws {
        let gates = [Watched(false), Watched(false)]
        let script = ScriptedUpstream.Script.requests { _, number, connection in
            if number < 2 { try await gates[number].until { $0 } }
            try await connection.send(ModelReply.whole(ModelReply.completion("a\(number)")))
        }
        try await withGateway(.init(), script) { gateway, upstream in
            let clients = [try await gateway.connect(), try await gateway.connect()]
            for (count, client) in clients.enumerated() {
                try await client.send(
                    TestGateway.request(
                        "POST", "/v1/chat/completions", fields: Self.tried(count), body: Turns.body()))
                _ = try await upstream.request(count)
            }
            var ids: Set<String?> = []
            for place in [first, 1 - first] {
                gates[place].update { $0 = true }
                ids.insert(try await clients[place].next()["X-Session-Id"])
            }
            #expect(ids.count == 1)
            let id = try #require(ids.first ?? nil)
            let rounds = try gateway.messages(id).map(\.round)
            #expect(rounds == [1, 1, 1])
        }
    }

    @Test("A restart forgets none of it")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let recipe = GatewayRecipe(engine: .lmdb)
        try await withUpstream(.numbered) { upstream in
            var ids: [String?] = []
            for _ in 0..<2 {
                try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                    ids.append(try await gateway.chat(Turns.body(), fields: Self.keyed)["X-Session-Id"])
                }
            }
            let id = try #require(ids[0])
            #expect(ids[1] == id)
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                let rounds = try gateway.messages(id).map(\.round)
                #expect(rounds == [1, 1, 1])
            }
        }
    }

    @Test("After a day, and after ten minutes, it is a request like any other")
    func forgotten() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            func session(_ fields: String) async throws -> String? {
                try await gateway.chat(Turns.body(), fields: fields)["X-Session-Id"]
            }
            let keyed = try await session(Self.keyed)
            let counted = try await session(Self.tried(0))
            gateway.wall.advance(by: .seconds(599))
            let soon = try await session(Self.tried(1))
            #expect(soon == counted)
            gateway.wall.advance(by: .seconds(601))
            let late = try await session(Self.tried(1))
            #expect(late != counted)
            gateway.wall.advance(by: .seconds(24 * 3600 - 1201))
            let sameDay = try await session(Self.keyed)
            #expect(sameDay == keyed)
            gateway.wall.advance(by: .seconds(24 * 3600 + 1))
            let nextDay = try await session(Self.keyed)
            #expect(nextDay != keyed)
        }
    }
}
