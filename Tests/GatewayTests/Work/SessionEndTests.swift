import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

/// What becomes of sessions that nobody speaks in any longer. Models are asked at once: nobody makes way.
@Suite("The end of a session", .timeLimit(.minutes(15)))
struct SessionEndTests {
    private static let anna = "X-User-Id: anna\r\n"

    private static func recipe(
        _ policy: String = #""session":{"scope":"user","idle":"30m"}"#
    ) -> GatewayRecipe {
        var recipe = GatewayRecipe(policy: policy)
        recipe.models = #""summary":{"yield":false}"#
        return recipe
    }

    /// Answers chats, and calls of the gateway's own in the way that the test says.
    private static func model(
        _ own: @escaping @Sendable (String, WireConnection, Int) async throws -> Void
    ) -> ScriptedUpstream.Script {
        let calls = Watched(0)
        return .requests { request, number, connection in
            guard let purpose = request["X-Memory-Purpose"] else {
                return try await connection.send(ModelReply.whole(ModelReply.completion("a\(number)")))
            }
            try await own(
                purpose, connection,
                calls.update { count in
                    defer { count += 1 }
                    return count
                })
        }
    }

    private static let summary = "Anna lives in Lyon and has a dog whose name is Rex."

    private static let telling = model { purpose, connection, _ in
        try await connection.send(
            ModelReply.whole(ModelReply.completion(purpose == "title" ? "Anna's dog" : summary)))
    }

    private static func ask(_ gateway: TestGateway, _ text: String) async throws -> String {
        let reply = try await gateway.chat(Turns.body(Turns.user(text)), fields: anna)
        #expect(reply.status == 200)
        return reply["X-Session-Id"] ?? ""
    }

    private static func own(_ upstream: ScriptedUpstream, _ purpose: String = "summary") -> [WireMessage] {
        upstream.requests.filter { $0["X-Memory-Purpose"] == purpose }
    }

    @Test("A session ends after its idle time, is told once, and the next one begins with it")
    func wholeWay() async throws {
        try await withGateway(Self.recipe(), Self.telling) { gateway, upstream in
            let first = try await Self.ask(gateway, "I live in Lyon.")
            #expect(first.count == 32)
            try await gateway.pass(29 * 60)
            #expect(try await Self.ask(gateway, "My dog is called Rex.") == first)
            try await gateway.pass(30 * 60)
            #expect(try gateway.details(first, user: "anna")?.life.status == .open)
            try await gateway.works { try gateway.details(first, user: "anna")?.life.status == .archived }
            try await gateway.works { try gateway.details(first, user: "anna")?.life.title != nil }
            let call = try #require(Self.own(upstream).first)
            #expect(Self.own(upstream).count == 1)
            for said in ["I live in Lyon.", "a0", "My dog is called Rex.", "a1"] {
                #expect(call.text.contains(said))
            }
            let chain = try gateway.storage.summaries(
                of: SessionKey(tenant: "local", user: "anna", name: first))
            #expect(chain.map(\.text) == [Self.summary])
            #expect(chain.map(\.rounds) == [1...2])
            #expect(chain.map(\.source) == [.model])
            #expect(try gateway.details(first, user: "anna")?.life.title == "Anna's dog")

            let second = try await Self.ask(gateway, "Who am I?")
            #expect(second != first)
            let body = try #require(upstream.requests.last).text
            #expect(body.ranges(of: Self.summary).count == 1)
            #expect(!body.contains("I live in Lyon."))
            // Another user hears nothing of it.
            _ = try await gateway.chat(Turns.body(Turns.user("And I?")), fields: "X-User-Id: bert\r\n")
            #expect(try #require(upstream.requests.last).text.contains(Self.summary) == false)
        }
    }

    @Test("A session does not end while a reply is running, however long that takes")
    func running() async throws {
        let script = ScriptedUpstream.Script.requests { request, number, connection in
            if number == 1 { try await connection.state.until { $0.isReset } }
            try await connection.send(ModelReply.whole(ModelReply.completion("a\(number)")))
        }
        var recipe = Self.recipe()
        recipe.upstream = #""firstByteTimeout":"100h","idleTimeout":"100h","totalTimeout":"100h""#
        try await withGateway(recipe, script) { gateway, upstream in
            let first = try await Self.ask(gateway, "one")
            async let slow = Self.ask(gateway, "two")
            _ = try await upstream.request(1)
            for _ in 0..<5 { try await gateway.pass(1800) }
            #expect(try gateway.details(first, user: "anna")?.life.status == .open)
            // The test lets the model answer.
            let connection = try await upstream.connection(0)
            connection.state.update { $0.isReset = true }
            #expect(try await slow == first)
            try await gateway.pass(1799)
            #expect(try await Self.ask(gateway, "three") == first)
        }
    }

    @Test("An expired session is told after a restart, without any request")
    func restart() async throws {
        let folder = try TemporaryFolder()
        var recipe = Self.recipe()
        recipe.engine = .lmdb
        try await withUpstream(Self.telling) { upstream in
            let name = try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                try await Self.ask(gateway, "I live in Lyon.")
            }
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                try await gateway.pass(31 * 60)
                try await gateway.works { try gateway.details(name, user: "anna")?.life.status == .archived }
                #expect(Self.own(upstream).count == 1)
            }
        }
    }

    @Test("A model that fails is asked again; chats go on, and picked sentences stand until then")
    func failing() async throws {
        let script = Self.model { purpose, connection, number in
            let reply =
                purpose == "title" || number > 1
                ? ModelReply.whole(ModelReply.completion(Self.summary))
                : ModelReply.whole("{}", status: "500 No", fields: "")
            try await connection.send(reply)
        }
        try await withGateway(Self.recipe(#""session":{"scope":"user","idle":"30m","titles":false}"#), script)
        {
            gateway, upstream in
            let first = try await Self.ask(gateway, "I live in Lyon with my dog Rex.")
            let key = SessionKey(tenant: "local", user: "anna", name: first)
            try await gateway.pass(1801)
            try await gateway.eventually { Self.own(upstream).count == 1 }
            try await gateway.eventually {
                try gateway.storage.jobs(before: nil, count: 9) { _ in true }.first?.status == .waiting
            }
            let picked = try #require(try gateway.storage.summaries(of: key).first)
            #expect(picked.source == .extractive)
            #expect(picked.text.contains("Lyon"))
            #expect(try gateway.details(first, user: "anna")?.life.status == .summarised)
            // A new session begins with what was picked.
            _ = try await Self.ask(gateway, "Who am I?")
            #expect(try #require(upstream.requests.last).text.contains("Lyon"))
            try await gateway.works { try gateway.details(first, user: "anna")?.life.status == .archived }
            #expect(Self.own(upstream).count == 3)
            let chain = try gateway.storage.summaries(of: key)
            #expect(chain.map(\.text) == [Self.summary])
            #expect(chain.map(\.number) == [picked.number])
        }
    }

    @Test("A session in which nothing was answered leaves no summary, and asks no model")
    func silent() async throws {
        let script = Self.model { _, _, _ in Issue.record("a call of our own") }
        try await withGateway(Self.recipe(), .always(ModelReply.whole("{}", status: "500 No"))) {
            gateway, upstream in
            _ = script
            let reply = try await gateway.chat(Turns.body(), fields: Self.anna)
            let name = try #require(reply["X-Session-Id"])
            try await gateway.pass(1801)
            try await gateway.works { try gateway.details(name, user: "anna")?.life.status == .archived }
            #expect(Self.own(upstream).isEmpty)
            #expect(
                try gateway.storage.summaries(of: SessionKey(tenant: "local", user: "anna", name: name))
                    .isEmpty)
        }
    }

    @Test("A session that is found again goes on, and is told anew from its summary and what came since")
    func reopened() async throws {
        try await withGateway(Self.recipe(#""session":{"idle":"30m"}"#), Self.telling) { gateway, upstream in
            let fields = Self.anna + Turns.session
            for round in 1...2 {
                _ = try await gateway.chat(Turns.body(Turns.user("round \(round)")), fields: fields)
                try await gateway.pass(1801)
                try await gateway.works {
                    try gateway.details("s", user: "anna")?.life.status == .archived
                }
            }
            let calls = Self.own(upstream)
            #expect(calls.count == 2)
            #expect(calls[1].text.contains(Self.summary))
            #expect(calls[1].text.contains("round 2"))
            #expect(!calls[1].text.contains("round 1"))
            let chain = try gateway.storage.summaries(
                of: SessionKey(tenant: "local", user: "anna", name: "s"))
            #expect(chain.map(\.rounds) == [1...1, 2...2])
            #expect(chain.map(\.parent) == [nil, 1])
            // Its own end is no standing memory of its own.
            _ = try await gateway.chat(Turns.body(Turns.user("again")), fields: fields)
            #expect(try #require(upstream.requests.last).text.contains(Self.summary) == false)
            _ = try await gateway.chat(Turns.body(Turns.user("elsewhere")), fields: Self.anna)
            #expect(try #require(upstream.requests.last).text.contains(Self.summary))
        }
    }

    @Test(
        "Of a session that nobody named and that has one round, sentences are picked, and no model is asked")
    func oneShot() async throws {
        try await withGateway(Self.recipe(#""session":{"idle":"30m"}"#), Self.telling) { gateway, upstream in
            let name = try await Self.ask(gateway, "Translate «dog» into French, please.")
            try await gateway.pass(1801)
            try await gateway.works { try gateway.details(name, user: "anna")?.life.title != nil }
            let key = SessionKey(tenant: "local", user: "anna", name: name)
            let chain = try gateway.storage.summaries(of: key)
            #expect(chain.map(\.source) == [.extractive])
            #expect(chain.map(\.isStanding) == [false])
            #expect(try gateway.details(name, user: "anna")?.life.status == .archived)
            #expect(
                try gateway.details(name, user: "anna")?.life.title == "Translate «dog» into French, please.")
            _ = try await Self.ask(gateway, "Something else")
            #expect(upstream.requests.allSatisfy { $0["X-Memory-Purpose"] == nil })
            #expect(try #require(upstream.requests.last).text.contains("Translate") == false)
        }
    }
}
