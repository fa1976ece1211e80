import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

@Suite("Titles of sessions", .timeLimit(.minutes(15)))
struct TitleTests {
    private static func title(_ gateway: TestGateway, _ key: SessionKey) throws -> String? {
        try gateway.storage.details(of: key)?.life.title
    }

    @Test("After the second round a model is asked, once")
    func secondRound() async throws {
        try await withGateway(OwnCalls.recipe(titles: true), OwnCalls.telling) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            for _ in 0..<5 { try await gateway.pass(1) }
            #expect(upstream.own().isEmpty)
            try await gateway.says("My dog is Rex.")
            try await gateway.works { try Self.title(gateway, key) != nil }
            #expect(try Self.title(gateway, key) == OwnCalls.title)
            let call = try #require(upstream.own("title").first)
            for said in ["I live in Lyon.", "a0", "My dog is Rex."] { #expect(call.text.contains(said)) }
            try await gateway.says("Her name is Anna.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            for _ in 0..<5 { try await gateway.pass(1) }
            #expect(upstream.own("title").count == 1)
            #expect(try gateway.activeJobs().isEmpty)
        }
    }

    @Test("With the model server down it is the first line, forty characters of it at most")
    func down() async throws {
        let script = OwnCalls.model { _, connection, _ in
            try await connection.send(OwnCalls.refusal("503 No"))
        }
        try await withGateway(OwnCalls.recipe(titles: true), script) { gateway, upstream in
            let key = try await gateway.says(
                #"I live in Lyon, where the Saône meets the Rhône\nand it rains."#)
            try await gateway.says("My dog is Rex.")
            try await gateway.works { try Self.title(gateway, key) != nil }
            let title = try #require(try Self.title(gateway, key))
            #expect(title == "I live in Lyon, where the Saône meets t…")
            #expect(title.count == 40)
            #expect(upstream.own("title").count == 3)
        }
    }

    static let answers: [(String, String)] = [
        (#"\"Anna and her dog.\""#, "Anna and her dog"), ("Title: Rex", "Rex"), ("", "I live in Lyon."),
        (String(repeating: "dog ", count: 40), "dog"), (String(repeating: "狗", count: 200), "狗"),
    ]

    @Test("An answer is cleaned, and never has more than sixty characters", arguments: answers)
    func cleaned(answer: String, beginning: String) async throws {
        let script = OwnCalls.model { _, connection, _ in
            try await connection.send(OwnCalls.whole(answer))
        }
        try await withGateway(OwnCalls.recipe(titles: true), script) { gateway, _ in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.says("My dog is Rex.")
            try await gateway.works { try Self.title(gateway, key) != nil }
            let title = try #require(try Self.title(gateway, key))
            #expect(title.hasPrefix(beginning))
            #expect(title.count <= 60 && !title.contains("\""))
        }
    }

    @Test("Where the policy wants none there is none")
    func none() async throws {
        try await withGateway(OwnCalls.recipe(), OwnCalls.telling) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            try await gateway.says("My dog is Rex.")
            try await gateway.passIdle()
            try await gateway.archives(key)
            for _ in 0..<5 { try await gateway.pass(1) }
            #expect(try Self.title(gateway, key) == nil)
            #expect(upstream.own("title").isEmpty)
            #expect(try gateway.storage.jobs(before: nil, count: 9) { $0.kind == .title }.isEmpty)
        }
    }

    @Test("One that somebody gave it stays, even where a model is being asked", arguments: [true, false])
    func given(isFirst: Bool) async throws {
        let isLetGo = Watched(false)
        let script = OwnCalls.model { purpose, connection, _ in
            if purpose == "title" { try await isLetGo.until { $0 } }
            try await connection.send(OwnCalls.whole(OwnCalls.title))
        }
        try await withGateway(OwnCalls.recipe(titles: true), script) { gateway, upstream in
            let key = try await gateway.says("I live in Lyon.")
            let mark = [MemoryChange.mark(SessionMark(key, title: "By hand"))]
            if isFirst { try gateway.storage.apply(mark, .withNextBatch) }
            try await gateway.says("My dog is Rex.")
            for _ in 0..<3 { try await gateway.pass(1) }
            if !isFirst {
                try await gateway.eventually { upstream.own("title").count == 1 }
                try gateway.storage.apply(mark, .withNextBatch)
            }
            isLetGo.update { $0 = true }
            try await gateway.passIdle()
            try await gateway.archives(key)
            try await gateway.works { try gateway.activeJobs().isEmpty }
            #expect(try Self.title(gateway, key) == "By hand")
            #expect(upstream.own("title").count == (isFirst ? 0 : 1))
        }
    }

    @Test("A question of nothing but marks names nothing")
    func nothing() async throws {
        let script = OwnCalls.model { _, connection, _ in
            try await connection.send(OwnCalls.refusal("400 No"))
        }
        try await withGateway(OwnCalls.recipe(titles: true), script) { gateway, upstream in
            let key = try await gateway.says("```")
            try await gateway.says("```")
            try await gateway.works { upstream.own("title").count == 1 }
            try await gateway.works { try gateway.activeJobs().isEmpty }
            #expect(try Self.title(gateway, key) == nil)
        }
    }
}
