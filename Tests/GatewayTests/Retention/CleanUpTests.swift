import Foundation
import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

/// `ttl` and `history.maxMessages`: what goes, what stays, and what is told of it.
@Suite("Clean-up", .timeLimit(.minutes(15)))
struct CleanUpTests {
    static let day = 86_400.0

    /// A gateway whose sessions stay open and are named by their clients, and which does its work.
    static func recipe(
        _ settings: String, engine: GatewayRecipe.Engine = .memory, session: String = #""idle":"8000h""#
    ) -> GatewayRecipe {
        var recipe = GatewayRecipe(
            policy: #""session":{\#(session),"titles":false},\#(settings)"#, engine: engine)
        recipe.works = true
        return recipe
    }

    static let key = SessionKey(tenant: "local", user: "default", name: "s")

    /// Says something in a session, under numbers so that each round tells another fact.
    static func say(_ number: Int, in session: String = "s", _ gateway: TestGateway) async throws {
        let text = "My number \(number) friend is called Friend\(number)."
        let reply = try await gateway.chat(
            Turns.body(Turns.user(text)), fields: "X-Session-Id: \(session)\r\n")
        #expect(reply.status == 200)
    }

    @Test(
        "Messages that are older are gone, newer ones are kept, numbers go on",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func messages(engine: GatewayRecipe.Engine) async throws {
        let recipe = Self.recipe(#""ttl":{"messages":"720h"}"#, engine: engine)
        try await withGateway(recipe, OwnCalls.telling) { gateway, _ in
            for number in 1...3 {
                try await Self.say(number, gateway)
                try await gateway.leap(10 * Self.day)
            }
            // Clean-up comes once a day: the first is 32 days old, the second 22.
            try await gateway.leap(2 * Self.day)
            try await gateway.works { try gateway.messages("s").count == 4 }
            #expect(try gateway.messages("s").compactMap(\.round) == [2, 2, 3, 3])
            try await Self.say(4, gateway)
            #expect(try gateway.messages("s").compactMap(\.round) == [2, 2, 3, 3, 4, 4])
        }
    }

    @Test("What was deleted is told: the request holds the summary and the rounds that are left")
    func told() async throws {
        let recipe = Self.recipe(#""ttl":{"messages":"720h"}"#)
        try await withGateway(recipe, OwnCalls.telling) { gateway, upstream in
            try await Self.say(1, gateway)
            try await gateway.leap(20 * Self.day)
            try await Self.say(2, gateway)
            try await gateway.leap(11 * Self.day)
            try await gateway.works { try gateway.messages("s").count == 2 }
            let chain = try gateway.storage.summaries(of: Self.key)
            #expect(chain.map(\.rounds) == [1...1])
            #expect(chain.map(\.source) == [.extractive])
            #expect(chain.first?.text.contains("Friend1") == true)
            try await Self.say(3, gateway)
            let body = try #require(upstream.requests.last?.text)
            // The fact of the first round stands in the summary, that of the second in its round.
            for fact in ["Friend1", "Friend2", "Friend3"] {
                #expect(body.components(separatedBy: "called \(fact).").count == 2, "\(fact)")
            }
            // A further one is told with the first.
            try await gateway.leap(20 * Self.day)
            try await gateway.works { try gateway.messages("s").compactMap(\.round) == [3, 3] }
            try await Self.say(4, gateway)
            let later = try #require(upstream.requests.last?.text)
            for fact in ["Friend1", "Friend2", "Friend3", "Friend4"] {
                #expect(later.components(separatedBy: "called \(fact).").count == 2, "\(fact)")
            }
            #expect(try gateway.storage.summaries(of: Self.key).map(\.parent) == [nil, 1])
        }
    }

    @Test("Without a time to live nothing is deleted")
    func never() async throws {
        let recipe = Self.recipe(#""ttl":{"messages":"0s","sessions":"0s","exchanges":"0s"}"#)
        try await withGateway(recipe, OwnCalls.telling) { gateway, _ in
            try await Self.say(1, gateway)
            let exchange = try #require(try gateway.messages("s").first?.exchange)
            for _ in 0..<4 { try await gateway.leap(1000 * Self.day) }
            #expect(try gateway.messages("s").count == 2)
            #expect(try gateway.storage.exchange(exchange) != nil)
        }
    }

    @Test("It runs at a start, also for what became too old while no gateway ran")
    func start() async throws {
        let settings = #""ttl":{"messages":"24h","interval":"0s"}"#
        let folder = try TemporaryFolder()
        try await withUpstream(OwnCalls.telling) { upstream in
            var recipe = Self.recipe(settings, engine: .lmdb)
            recipe.wall = WallTime()
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                try await Self.say(1, gateway)
                try await gateway.works {
                    // The clean-up of the start is over; other policies have one a day.
                    let jobs = try gateway.storage.jobs(before: nil, count: 9) { $0.kind == .cleanUp }
                    return jobs.map(\.status) == [.queued] && jobs.allSatisfy { $0.nextAt > gateway.wall.now }
                }
                try await gateway.leap(3 * Self.day)
                #expect(try gateway.messages("s").count == 2)
            }
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                try await gateway.works { try gateway.messages("s").isEmpty }
            }
        }
    }

    @Test(
        "A session goes with all it has, once it has ended and was silent for long enough",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func sessions(engine: GatewayRecipe.Engine) async throws {
        let recipe = Self.recipe(
            #""ttl":{"sessions":"240h"}"#, engine: engine, session: #""scope":"user","idle":"30m""#)
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            let isFirst = request.text.contains("I live in Lyon.")
            let summary = isFirst ? "Anna lives in Lyon." : "Anna has a dog, and a cat."
            try await connection.send(
                OwnCalls.whole(request["X-Memory-Purpose"] == nil ? "I see." : summary))
        }
        try await withGateway(recipe, script) { gateway, upstream in
            let first = try await gateway.says("I live in Lyon.")
            try await gateway.leap(3600)
            try await gateway.archives(first)
            #expect(try gateway.told(first).first?.contains("Lyon") == true)
            let second = try await gateway.says("I have a dog.")
            #expect(first != second)
            try await gateway.leap(9 * Self.day)
            #expect(try gateway.storage.session(first) != nil)
            // One that is used on the ninth day stays.
            try await gateway.says("And a cat.", fields: "X-Session-Id: \(second.name)\r\n")
            try await gateway.leap(2 * Self.day)
            try await gateway.works { try gateway.storage.session(first) == nil }
            #expect(try gateway.storage.summaries(of: first) == [])
            #expect(try gateway.messages(second.name, user: "anna").count == 4)
            // What the user's next session is told comes from what is left.
            try await gateway.says("Hello again.")
            let told = try #require(upstream.requests.last { $0["X-Memory-Purpose"] == nil }?.text)
            #expect(!told.contains("Lyon"), "\(told)")
            #expect(told.contains("dog"), "\(told)")
        }
    }

    @Test("Records of exchanges are shown for their time, then 404, and then they are gone")
    func exchanges() async throws {
        let recipe = Self.recipe(#""ttl":{"exchanges":"1h","interval":"2h"}"#)
        try await withGateway(recipe, OwnCalls.telling) { gateway, _ in
            try await Self.say(1, gateway)
            let id = try #require(try gateway.messages("s").first?.exchange)
            try await gateway.leap(3590)
            #expect(try await gateway.admin("GET", "/admin/v1/exchanges/\(id)").status == 200)
            try await gateway.leap(20)
            #expect(try await gateway.admin("GET", "/admin/v1/exchanges/\(id)").status == 404)
            #expect(try await gateway.admin("GET", "/admin/v1/exchanges").text.contains("\"data\":[]"))
            #expect(try gateway.storage.exchange(id) != nil)
            try await gateway.leap(2 * 3600)
            try await gateway.works { try gateway.storage.exchange(id) == nil }
            #expect(try gateway.messages("s").count == 2)
        }
    }

    @Test(
        "A session keeps its newest messages, and a summary tells the others",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func most(engine: GatewayRecipe.Engine) async throws {
        let recipe = Self.recipe(#""history":{"maxMessages":20}"#, engine: engine)
        try await withGateway(recipe, OwnCalls.telling) { gateway, upstream in
            for number in 1...10 { try await Self.say(number, gateway) }
            #expect(try gateway.messages("s").count == 20)
            try await Self.say(11, gateway)
            try await gateway.works { try gateway.messages("s").count <= 20 }
            let rounds = try gateway.messages("s").compactMap(\.round)
            #expect(rounds.first == 3 && rounds.last == 11)
            let chain = try gateway.storage.summaries(of: Self.key)
            #expect(chain.map(\.rounds) == [1...2])
            try await Self.say(12, gateway)
            let body = try #require(upstream.requests.last?.text)
            for number in 1...12 { #expect(body.contains("Friend\(number)."), "\(number)") }
        }
    }
}
