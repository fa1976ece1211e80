import GatewayTesting
import MemoryCore
import Testing

/// The preset `companion`: one session per user, and a digest of the day.
@Suite("Preset companion", .timeLimit(.minutes(15)))
struct CompanionTests {
    private static let hour = 3600.0

    private static func recipe(_ more: String = "") -> GatewayRecipe {
        var recipe = GatewayRecipe(policy: #""preset":"companion""# + more)
        recipe.works = true
        recipe.models = #""summary":{\#(OwnCalls.patience)},"title":{\#(OwnCalls.patience)}"#
        recipe.upstream = OwnCalls.patientServer
        return recipe
    }

    /// A session of a user that has ended, told and named by its topic.
    private static func session(_ topic: String, _ gateway: TestGateway) async throws -> SessionKey {
        let key = try await gateway.says("Let us talk about \(topic).")
        try await gateway.says("More about \(topic).")
        try await gateway.leap(hour)
        try await gateway.archives(key)
        try await gateway.works { try gateway.details(key.name, user: "anna")?.life.title != nil }
        return key
    }

    /// Names each session by the topic of its transcript.
    private static let topics = ScriptedUpstream.Script.requests { request, _, connection in
        let topic = request.text.firstMatch(of: /talk about (\w+)\./)?.1 ?? "nothing"
        switch request["X-Memory-Purpose"] {
        case "title": try await connection.send(OwnCalls.whole("Title of \(topic)"))
        case "summary":
            try await connection.send(OwnCalls.whole("The user told what they think of \(topic)."))
        default: try await connection.send(OwnCalls.whole("I see."))
        }
    }

    @Test("Clients that name nothing are in one session per user, until half an hour of silence")
    func running() async throws {
        try await withGateway(Self.recipe(), Self.topics) { gateway, _ in
            let first = try await gateway.says("Hello.")
            #expect(try await gateway.says("Hello again.") == first)
            #expect(try await gateway.says("Hello.", as: "bert") != first)
            try await gateway.leap(1801)
            #expect(try await gateway.says("And again.") != first)
        }
    }

    @Test("Three sessions are told at length, the others of today and yesterday by a line with their date")
    func digest() async throws {
        try await withGateway(Self.recipe(), Self.topics) { gateway, upstream in
            for topic in ["apples", "bread", "cheese", "dates", "eggs"] {
                _ = try await Self.session(topic, gateway)
            }
            let key = try await gateway.says("What did we talk about?")
            let body = try #require(upstream.requests.last { $0["X-Memory-Purpose"] == nil }?.text)
            for topic in ["cheese", "dates", "eggs"] {
                #expect(body.contains("think of \(topic)"), "\(topic)")
            }
            for topic in ["apples", "bread"] {
                #expect(!body.contains("think of \(topic)"))
                #expect(
                    body.contains(#/- 2026-11-18 \d\d:\d\d: Title of \#(topic)/#.ignoresCase())
                        || body.contains("Title of \(topic)"))
            }
            #expect(!body.contains("Title of cheese"))
            #expect(body.contains("- 2026-11-18 1"))
            let kinds = try gateway.storage.exchange(
                try #require(try gateway.messages(key.name, user: "anna").last).exchange
            )?.injected.blocks.map(\.kind)
            #expect(kinds == [.standing, .digest])
        }
    }

    @Test("It is renewed at the first request of a day, and only then")
    func renewed() async throws {
        try await withGateway(Self.recipe(#","session":{"idle":"100h"}"#), Self.topics) { gateway, upstream in
            func digest() throws -> String {
                let body = try #require(upstream.requests.last { $0["X-Memory-Purpose"] == nil }?.text)
                return body
            }
            for topic in ["apples", "bread", "cheese", "dates"] {
                let key = try await gateway.says("Let us talk about \(topic).")
                try await gateway.says("More.")
                let path = "/admin/v1/sessions/\(key.name)/end"
                #expect(try await gateway.admin("POST", path).status == 202)
                try await gateway.archives(key)
                try await gateway.works { try gateway.details(key.name, user: "anna")?.life.title != nil }
            }
            // The clock shows a quarter past one at noon; local time is two hours ahead of UTC.
            let session = try await gateway.says("First.")
            #expect(try digest().contains("Title of apples"))
            // Still the same day: 23 o'clock.
            try await gateway.leap(9.5 * Self.hour)
            #expect(try await gateway.says("Second.") == session)
            #expect(try digest().contains("Title of apples"))
            // The day after it is yesterday's, and the day behind that nobody's.
            try await gateway.leap(24 * Self.hour)
            try await gateway.says("Third.")
            #expect(try digest().contains("Title of apples"))
            try await gateway.leap(24 * Self.hour)
            try await gateway.says("Fourth.")
            #expect(!(try digest().contains("Title of apples")))
            // What is told at length stays, whatever the day.
            #expect(try digest().contains("think of dates"))
        }
    }
}
