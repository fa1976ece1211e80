import GatewayTesting
import MemoryCore
import Testing

@Suite("The sessions that users and rooms are in", .timeLimit(.minutes(15)))
struct ScopeTests {
    private static let perUser = GatewayRecipe(policy: #""session":{"scope":"user","idle":"30m"}"#)

    private static func anna(_ text: String) -> (String, String) {
        (Turns.body(Turns.user(text)), "X-User-Id: anna\r\n")
    }

    @Test("A user is in one session, whatever connection a request comes on")
    func perUser() async throws {
        try await withGateway(Self.perUser, .numbered) { gateway, upstream in
            var ids: Set<String> = []
            for number in 0..<3 {
                let (body, fields) = Self.anna("q\(number)")
                let reply = try await gateway.chat(body, fields: fields)
                #expect(reply["X-Memory-Session"] == "user")
                ids.insert(try #require(reply["X-Session-Id"]))
            }
            #expect(ids.count == 1)
            #expect(upstream.requests.last?.text.contains(#""q0""#) == true)
            let id = try #require(ids.first)
            #expect(try gateway.messages(id, user: "anna").count == 6)
            let other = try await gateway.chat(Turns.body(), fields: "X-User-Id: bert\r\n")
            #expect(other["X-Session-Id"] != id)
            #expect(upstream.requests.last?.text == Turns.body())
        }
    }

    @Test("Parallel first requests of a user share a session")
    func parallel() async throws {
        try await withGateway(Self.perUser, .numbered) { gateway, _ in
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        let (body, fields) = Self.anna("q\(number)")
                        return try await gateway.chat(body, fields: fields)["X-Session-Id"]
                    }
                }
                return try await group.reduce(into: Set<String>()) { ids, id in
                    if let id { ids.insert(id) }
                }
            }
            #expect(ids.count == 1)
            let id = try #require(ids.first)
            let rounds = Set(try gateway.messages(id, user: "anna").compactMap(\.round))
            #expect(rounds == Set(1...20))
        }
    }

    @Test("After the idle time the next message begins a new session; a moment before it does not")
    func idle() async throws {
        try await withGateway(Self.perUser, .numbered) { gateway, _ in
            func session(_ text: String) async throws -> String {
                let (body, fields) = Self.anna(text)
                return try #require(try await gateway.chat(body, fields: fields)["X-Session-Id"])
            }
            let first = try await session("one")
            gateway.wall.advance(by: .seconds(1800))
            let second = try await session("two")
            #expect(second == first)
            gateway.wall.advance(by: .seconds(1801))
            let third = try await session("three")
            #expect(third != first)
            let fourth = try await session("four")
            #expect(fourth == third)
        }
    }

    @Test("What names the running session, and what is tried again in it, keeps it awake")
    func keptAwake() async throws {
        try await withGateway(Self.perUser, .numbered) { gateway, _ in
            let (body, fields) = Self.anna("one")
            let first = try await gateway.chat(body, fields: fields + "X-Stainless-Retry-Count: 0\r\n")
            let id = try #require(first["X-Session-Id"])
            gateway.wall.advance(by: .seconds(540))
            let again = try await gateway.chat(body, fields: fields + "X-Stainless-Retry-Count: 1\r\n")
            #expect(again["X-Session-Id"] == id && again["X-Memory-Session"] == "user")
            gateway.wall.advance(by: .seconds(1500))
            let (second, _) = Self.anna("two")
            let named = try await gateway.chat(second, fields: fields + "X-Session-Id: \(id)\r\n")
            #expect(named["X-Memory-Session"] == "explicit")
            gateway.wall.advance(by: .seconds(1500))
            let (third, _) = Self.anna("three")
            let last = try await gateway.chat(third, fields: fields)
            #expect(last["X-Session-Id"] == id)
        }
    }

    @Test("A restart goes on in the session that the user was in")
    func restart() async throws {
        var recipe = Self.perUser
        recipe.engine = .lmdb
        let folder = try TemporaryFolder()
        try await withUpstream(.numbered) { upstream in
            var ids: [String?] = []
            for number in 0..<2 {
                try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                    let (body, fields) = Self.anna("q\(number)")
                    let reply = try await gateway.chat(body, fields: fields)
                    ids.append(reply["X-Session-Id"])
                }
            }
            #expect(ids[0] != nil && ids[0] == ids[1])
            #expect(upstream.requests.last?.text.contains(#""q0""#) == true)
        }
    }

    @Test("The same question twice is two rounds in a session that goes on by itself")
    func sameQuestion() async throws {
        try await withGateway(Self.perUser, .numbered) { gateway, _ in
            var id: String?
            for _ in 0..<2 {
                let (body, fields) = Self.anna("hello")
                id = try await gateway.chat(body, fields: fields)["X-Session-Id"]
            }
            let messages = try gateway.messages(try #require(id), user: "anna")
            #expect(messages.map(\.round) == [1, 1, 2, 2])
        }
    }

    @Test("A given id decides, also under a policy that has one session per user")
    func explicit() async throws {
        try await withGateway(Self.perUser, .numbered) { gateway, _ in
            let (body, fields) = Self.anna("one")
            let reply = try await gateway.chat(body, fields: fields + Turns.session)
            #expect(reply["X-Memory-Session"] == "explicit" && reply["X-Session-Id"] == "s")
            let (later, again) = Self.anna("two")
            let next = try await gateway.chat(later, fields: again)
            #expect(next["X-Memory-Session"] == "user" && next["X-Session-Id"] != "s")
        }
    }

    @Test("Who speaks in a room speaks in its one session, and is noted", arguments: [true, false])
    func room(isInBody: Bool) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            var ids: Set<String> = []
            for (number, user) in ["anna", "bert", "anna"].enumerated() {
                let body = Turns.body(Turns.user("q\(number)"))
                let member = #"{"memory":{"chat":"team room"},"#
                let reply = try await gateway.chat(
                    isInBody ? member + body.dropFirst() : body,
                    fields: "X-User-Id: \(user)\r\n" + (isInBody ? "" : "X-Chat-Id: team%20room\r\n"))
                #expect(reply["X-Memory-Session"] == "chat")
                ids.insert(try #require(reply["X-Session-Id"]))
            }
            let id = try #require(ids.first)
            #expect(ids.count == 1)
            let key = SessionKey(SessionOwner(tenant: "local", .chat, "team room"), id)
            let messages = try gateway.storage.messages(of: key)
            #expect(messages.map(\.round) == [1, 1, 2, 2, 3, 3])
            #expect(messages.map(\.message.speaker) == ["anna", nil, "bert", nil, "anna", nil])
            #expect(upstream.requests.last?.text.contains(#""q0""#) == true)
            for user in ["anna", "bert"] { #expect(try gateway.messages(id, user: user).isEmpty) }
        }
    }

    @Test("An id that is given in a room names a session of the room")
    func namedInRoom() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let fields = Turns.session + "X-User-Id: anna\r\n"
            _ = try await gateway.chat(Turns.body(), fields: fields + "X-Chat-Id: r\r\n")
            _ = try await gateway.chat(Turns.body(Turns.later), fields: fields)
            let room = SessionKey(SessionOwner(tenant: "local", .chat, "r"), "s")
            #expect(try gateway.storage.messages(of: room).count == 2)
            #expect(try gateway.messages("s", user: "anna").count == 2)
        }
    }
}
