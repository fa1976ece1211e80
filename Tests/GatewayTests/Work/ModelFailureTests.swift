import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

/// What becomes of calls of our own that fail.
@Suite("Models that fail", .timeLimit(.minutes(15)))
struct ModelFailureTests {
    @Test(
        "What a model server will never answer is asked once, and what was picked stands",
        arguments: [400, 404, 422])
    func neverAnswered(status: Int) async throws {
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(OwnCalls.refusal("\(status) No"))) {
            gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            try await gateway.leap(7200)
            #expect(upstream.own().count == 1)
            #expect(try gateway.sources(key) == [.extractive])
            #expect(try gateway.activeJobs().isEmpty)
        }
    }

    @Test("Who says when to come again is not asked before", arguments: [429, 503])
    func retryAfter(status: Int) async throws {
        let busy = OwnCalls.refusal("\(status) Busy", fields: "Retry-After: 600\r\n")
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(busy)) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.eventually { try gateway.activeJobs().map(\.status) == [.waiting] }
            let job = try #require(try gateway.activeJobs().first)
            #expect(job.nextAt.microseconds - gateway.wall.now.microseconds > 590_000_000)
            #expect(job.error == "HTTP \(status)")
            for _ in 0..<55 { try await gateway.pass(10) }
            #expect(upstream.own().count == 1)
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
            #expect(try gateway.sources(key) == [.model])
        }
    }

    @Test("Who says «in a second» each time is asked ever more seldom all the same")
    func hasty() async throws {
        let script = OwnCalls.model { _, connection, _ in
            try await connection.send(OwnCalls.refusal("429 Busy", fields: "Retry-After: 0\r\n"))
        }
        try await withGateway(OwnCalls.recipe(), script) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.works { upstream.own().count >= 6 }
            let job = try #require(try gateway.activeJobs().first)
            // 1.5 + 3 + 6 + 60 + 120 seconds lie between six calls, the breaker's minute at least.
            #expect(gateway.wall.now.microseconds - job.createdAt.microseconds > 180_000_000)
            #expect(try gateway.status(key) == .summarised)
        }
    }

    @Test("After three failures a model is left alone for a minute, whoever would ask it")
    func breaker() async throws {
        let isWell = Watched(false)
        let script = OwnCalls.model { _, connection, _ in
            try await connection.send(
                isWell.look { $0 } ? OwnCalls.whole(OwnCalls.summary) : OwnCalls.refusal("500 No"))
        }
        try await withGateway(OwnCalls.recipe(), script) { gateway, upstream in
            let users = ["anna", "bert", "carl", "dora", "emil", "fred", "gina", "hans"]
            var keys: [SessionKey] = []
            keys.append(try await gateway.says("I live in Lyon.", as: users[0]))
            try await gateway.passIdle()
            // One job alone, so that no two calls are under way at a time.
            try await gateway.works { upstream.own().count == 3 }
            try await gateway.eventually { try gateway.activeJobs().map(\.status) == [.waiting] }
            let opened = gateway.wall.now
            for user in users.dropFirst() {
                keys.append(try await gateway.says("I live in Rome.", as: user))
                _ = try gateway.storage.apply(
                    [.end(.init(keys[keys.count - 1], at: gateway.wall.now, isForced: true))], .withNextBatch)
            }
            while gateway.wall.now.microseconds - opened.microseconds < 55_000_000 {
                try await gateway.pass(1)
            }
            #expect(upstream.own().count == 3)
            // One probe, which fails, and a minute of quiet again.
            try await gateway.works { upstream.own().count == 4 }
            let probed = gateway.wall.now
            while gateway.wall.now.microseconds - probed.microseconds < 50_000_000 {
                try await gateway.pass(1)
            }
            #expect(upstream.own().count == 4)
            isWell.update { $0 = true }
            for key in keys { try await gateway.archives(key) }
            for key in keys { #expect(try gateway.sources(key) == [.model]) }
            #expect(upstream.own().count == 4 + keys.count)
        }
    }

    @Test(
        "An answer that is none is asked for once more, then what was picked stands",
        arguments: [
            "", "I'm sorry, I cannot help with that.",
            "Please provide the conversation you would like me to summarize.",
        ])
    func badAnswers(answer: String) async throws {
        let bad = OwnCalls.whole(answer)
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(bad)) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
            #expect(upstream.own().last?.text.contains("Your last answer") == true)
            #expect(try gateway.told(key) == [OwnCalls.summary])
        }
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(bad, bad)) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            try await gateway.leap(7200)
            #expect(upstream.own().count == 2)
            #expect(try gateway.sources(key) == [.extractive])
            #expect(try gateway.told(key).first?.contains("Lyon") == true)
        }
    }

    @Test("An answer that is too long is asked for once more, then cut")
    func longAnswers() async throws {
        let sentence = "Anna lives in Lyon, and her dog Rex likes the long walk along the river. "
        let long = OwnCalls.whole(String(repeating: sentence, count: 60))
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(long)) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
            #expect(upstream.own().last?.text.contains("too long") == true)
            #expect(try gateway.told(key) == [OwnCalls.summary])
        }
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(long, long)) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
            let text = try #require(try gateway.told(key).first)
            #expect(try gateway.sources(key) == [.model])
            #expect(TokenEstimate.tokens(ofText: text) <= 400)
            #expect(text.hasPrefix("Anna lives in Lyon") && text.hasSuffix("."))
        }
    }

    @Test(
        "A reply that is no completion is a failure like any other",
        arguments: ["{}", "[]", "<html>", #"{"error":{"message":"x"}}"#])
    func noCompletion(body: String) async throws {
        try await withGateway(OwnCalls.recipe(), OwnCalls.answering(ModelReply.whole(body))) {
            gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            #expect(upstream.own().count == 2)
            #expect(try gateway.sources(key) == [.model])
        }
    }
}
