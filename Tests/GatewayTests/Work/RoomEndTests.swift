import GatewayTesting
import MemoryCore
import Testing

/// What becomes of sessions of group chats.
@Suite("The end of a session in a room", .timeLimit(.minutes(15)))
struct RoomEndTests {
    @Test("Its summary is made of who said what, and reaches that room only", arguments: [true, false])
    func room(isNamed: Bool) async throws {
        var recipe = OwnCalls.recipe()
        recipe.policy =
            isNamed
            ? #""session":{"idle":"30m","titles":false}"#
            : #""session":{"scope":"chat","idle":"30m","titles":false}"#
        try await withGateway(recipe, OwnCalls.telling) { gateway, upstream in
            func say(_ text: String, _ user: String, room: String?) async throws -> String {
                let field = room.map { "X-Chat-Id: \($0)\r\n" } ?? ""
                let reply = try await gateway.chat(
                    Turns.body(Turns.user(text)), fields: "X-User-Id: \(user)\r\n" + field)
                return reply["X-Session-Id"] ?? ""
            }
            let first = try await say("I live in Lyon.", "anna", room: "team")
            let same = try await say("I live in Rome.", "bert", room: "team")
            #expect(same == first)
            let key = SessionKey(SessionOwner(tenant: "local", .chat, "team"), first)
            try await gateway.passIdle()
            try await gateway.archives(key)
            let call = try #require(upstream.own().first)
            #expect(call.text.contains(#"anna: I live in Lyon."#))
            #expect(call.text.contains(#"bert: I live in Rome."#))
            #expect(upstream.own().count == 1)

            let second = try await say("And now?", "carl", room: "team")
            #expect(second != first)
            #expect(upstream.requests.last?.text.contains(OwnCalls.summary) == true)
            for (user, room) in [("anna", nil), ("anna", "other"), ("bert", nil), ("team", nil)] {
                _ = try await say("And here?", user, room: room)
                #expect(upstream.requests.last?.text.contains(OwnCalls.summary) == false)
            }
        }
    }
}
