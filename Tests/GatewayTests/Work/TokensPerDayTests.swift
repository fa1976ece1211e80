import GatewayTesting
import MemoryCore
import Testing

/// `models.*.tokensPerDay`.
@Suite("Tokens of a day", .timeLimit(.minutes(15)))
struct TokensPerDayTests {
    /// Ends a user's session, and lets the work on it go as far as it goes today.
    private static func end(_ user: String, _ gateway: TestGateway) async throws -> SessionKey {
        let key = try await gateway.says("I live in Lyon.", as: user)
        try await gateway.passIdle()
        try await gateway.works { try gateway.status(key).map { $0.rawValue >= 2 } ?? false }
        return key
    }

    /// Waits until a session's job waits for another day.
    private static func waits(_ key: SessionKey, _ gateway: TestGateway) async throws -> Job {
        try await gateway.works {
            try gateway.activeJobs().contains {
                $0.session == key && $0.status == .queued && $0.nextAt > gateway.wall.now
            }
        }
        return try #require(try gateway.activeJobs().first { $0.session == key })
    }

    @Test("Once they are used up, nobody is asked until the next day in UTC, also after a restart")
    func day() async throws {
        // A call uses five tokens, as the model server says.
        let recipe = OwnCalls.recipe(#""tokensPerDay":9,"timeout":"24h","yield":false"#, engine: .lmdb)
        let folder = try TemporaryFolder()
        try await withUpstream(OwnCalls.telling) { upstream in
            let start = try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) {
                gateway in
                for user in ["anna", "bert"] {
                    let key = try await Self.end(user, gateway)
                    try await gateway.archives(key)
                    #expect(try gateway.sources(key) == [.model])
                }
                let key = try await Self.end("carl", gateway)
                let job = try await Self.waits(key, gateway)
                // A second of the test's may pass between the asking and the putting back.
                let late = job.nextAt.microseconds % 86_400_000_000
                #expect(late < 60_000_000)
                #expect(job.attempts == 0)
                #expect(try gateway.sources(key) == [.extractive])
                return (key, Timestamp(microseconds: job.nextAt.microseconds - late), gateway.wall.now)
            }
            let (key, tomorrow, earlier) = start
            #expect(upstream.own().count == 2)
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                try await gateway.leap(Double(earlier.microseconds - gateway.wall.now.microseconds) / 1e6)
                let other = try await Self.end("dora", gateway)
                _ = try await Self.waits(other, gateway)
                #expect(upstream.own().count == 2)
                try await gateway.leap(
                    Double(tomorrow.microseconds - gateway.wall.now.microseconds) / 1e6 - 5)
                #expect(upstream.own().count == 2)
                for key in [key, other] {
                    try await gateway.archives(key)
                    #expect(try gateway.sources(key) == [.model])
                }
                #expect(upstream.own().count == 4)
            }
        }
    }

    @Test("What a model server does not report is estimated, the question with the answer")
    func estimated() async throws {
        let reply =
            #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(OwnCalls.summary)"},"#
            + #""finish_reason":"stop"}]}"#
        let script = OwnCalls.model { _, connection, _ in try await connection.send(ModelReply.whole(reply)) }
        // The question alone has more than a hundred tokens, the answer less.
        let recipe = OwnCalls.recipe(#""tokensPerDay":100,"timeout":"24h","yield":false"#)
        try await withGateway(recipe, script) { gateway, upstream in
            let anna = try await Self.end("anna", gateway)
            try await gateway.archives(anna)
            let bert = try await Self.end("bert", gateway)
            _ = try await Self.waits(bert, gateway)
            #expect(upstream.own().count == 1)
            #expect(try gateway.sources(bert) == [.extractive])
        }
    }

    @Test("What one purpose used on an earlier day is no part of a day that another one has begun")
    func purposes() async throws {
        var recipe = OwnCalls.recipe(titles: true, engine: .lmdb)
        recipe.models =
            #""summary":{"yield":false,"timeout":"24h","tokensPerDay":4},"title":{\#(OwnCalls.patience)}"#
        let folder = try TemporaryFolder()
        try await withUpstream(OwnCalls.telling) { upstream in
            let day = try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                let key = try await Self.end("anna", gateway)
                try await gateway.archives(key)
                #expect(upstream.own("summary").count == 1)
                try await gateway.works { upstream.own("title").count == 1 }
                // A title on the day after.
                try await gateway.leap(86_400)
                for text in ["one", "two"] { try await gateway.says(text, as: "bert") }
                try await gateway.works { upstream.own("title").count == 2 }
                try await gateway.works {
                    try gateway.activeJobs().allSatisfy { $0.kind != .title }
                }
                return gateway.wall.now
            }
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                try await gateway.leap(Double(day.microseconds - gateway.wall.now.microseconds) / 1e6)
                let key = try await Self.end("carl", gateway)
                try await gateway.works { upstream.own("summary").count >= 2 }
                _ = key
            }
        }
    }
}
