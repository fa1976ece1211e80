import GatewayTesting
import MemoryCore
import Testing

@Suite("A first question that is asked again", .timeLimit(.minutes(15)))
struct FirstQuestionTests {
    private static let chat = "X-OpenWebUI-Chat-Id: c\r\n"

    /// Two rounds of a client that sends everything each time.
    private static func talk(_ gateway: TestGateway, _ fields: String) async throws {
        _ = try await gateway.chat(Turns.body(Turns.user("one")), fields: fields)
        let resent = [Turns.user("one"), Turns.assistant("a0"), Turns.user("two")]
        _ = try await gateway.chat(Turns.body(resent.joined(separator: ",")), fields: fields)
    }

    private static func active(_ gateway: TestGateway, _ session: String) throws -> [Int] {
        try gateway.storage.turns(of: SessionKey(tenant: "local", user: "default", name: session))
            .map(\.round)
    }

    @Test(
        "It gets another reply in its round, whoever says that everything is sent", arguments: [true, false])
    func regenerated(isKnownClient: Bool) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let fields = isKnownClient ? Self.chat : Turns.session
            let session = isKnownClient ? "c" : "s"
            try await Self.talk(gateway, fields)
            let body = Turns.body(Turns.user(" one "))
            _ = try await gateway.chat(body, fields: fields)
            #expect(upstream.requests.last?.text == body)
            let messages = try gateway.messages(session)
            #expect(messages.map(\.round) == [1, 1, 2, 2, 1])
            #expect(try Self.active(gateway, session) == [1])
        }
    }

    @Test("Another one takes its place; what was said after the old one is kept, and not sent again")
    func edited() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            try await Self.talk(gateway, Turns.session)
            let body = Turns.body(Turns.user("uno"))
            _ = try await gateway.chat(body, fields: Turns.session)
            #expect(upstream.requests.last?.text == body)
            #expect(try gateway.messages("s").count == 6)
            #expect(try Self.active(gateway, "s") == [3])
        }
    }

    @Test("Where only what is new is sent, a question that comes again behind others is a new round")
    func newest() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            for text in ["one", "two", "one"] {
                _ = try await gateway.chat(Turns.body(Turns.user(text)), fields: Turns.session)
            }
            #expect(try Self.active(gateway, "s") == [1, 2, 3])
        }
    }
}
