import GatewayTesting
import JSONBytes
import MemoryCore
import MemoryStore
import NIOCore
import Testing

@Suite("Sessions and jobs on the admin side", .timeLimit(.minutes(15)))
struct AdminSessionTests {
    private static func recipe() -> GatewayRecipe {
        var recipe = GatewayRecipe(policy: #""session":{"idle":"30m"}"#)
        recipe.models = #""summary":{"yield":false}"#
        return recipe
    }

    private static func call(
        _ gateway: TestGateway, _ target: String, _ method: String = "GET", expecting status: Int = 200
    ) async throws -> JSONValue {
        let reply = try await gateway.admin(method, "/admin/v1" + target)
        #expect(reply.status == status, "\(reply.text)")
        return try JSONTreeParser.parse(Array(reply.body.readableBytesView))
    }

    private static func texts(_ list: JSONValue, _ member: String) -> [String?] {
        (list["data"]?.elements ?? []).map { $0[member]?.string }
    }

    @Test("Sessions are listed newest first, by pages that hold when others are added, and narrowed down")
    func list() async throws {
        try await withGateway(Self.recipe(), .numbered) { gateway, _ in
            for number in 0..<5 {
                let user = number % 2 == 0 ? "anna" : "bert"
                _ = try await gateway.chat(
                    Turns.body(), fields: "X-Session-Id: s\(number)\r\nX-User-Id: \(user)\r\n")
                try await gateway.pass(1)
            }
            let first = try await Self.call(gateway, "/sessions?limit=2")
            #expect(Self.texts(first, "id") == ["s4", "s3"])
            #expect(first["total"]?.integer == 5)
            #expect(first["active"]?.integer == 5)
            let cursor = try #require(first["next_cursor"]?.string)
            _ = try await gateway.chat(Turns.body(), fields: "X-Session-Id: s9\r\nX-User-Id: anna\r\n")
            let second = try await Self.call(gateway, "/sessions?limit=2&cursor=\(cursor)")
            #expect(Self.texts(second, "id") == ["s2", "s1"])
            let last = try #require(second["next_cursor"]?.string)
            let third = try await Self.call(gateway, "/sessions?limit=2&cursor=\(last)")
            #expect(Self.texts(third, "id") == ["s0"])
            #expect(third["next_cursor"]?.isNull == true)
            #expect(Self.texts(try await Self.call(gateway, "/sessions?user=bert"), "id") == ["s3", "s1"])
            #expect(Self.texts(try await Self.call(gateway, "/sessions?q=S2"), "id") == ["s2"])
            #expect(Self.texts(try await Self.call(gateway, "/sessions?status=closing"), "id") == [])
            for bad in ["limit=0", "limit=501", "limit=x", "status=gone", "active=yes", "cursor=x"] {
                let reply = try await gateway.admin("GET", "/admin/v1/sessions?\(bad)")
                #expect(reply.status == 400)
                let name = try #require(bad.split(separator: "=").first)
                #expect(reply.text.contains(#""param":"\#(name)""#), "\(reply.text)")
            }
            // A cursor fits the list that gave it only.
            try await gateway.admin("GET", "/admin/v1/sessions?user=anna&cursor=\(cursor)").expectError(
                400, "invalid_cursor")
        }
    }

    @Test(
        "A session is shown with every member, its messages and its summaries; one that is not there is 404")
    func session() async throws {
        try await withGateway(Self.recipe(), .numbered) { gateway, _ in
            let fields = "X-Session-Id: a/b\r\nX-User-Id: anna\r\n"
            for text in ["I live in Lyon.", "My dog is called Rex."] {
                _ = try await gateway.chat(Turns.body(Turns.user(text)), fields: fields)
            }
            let session = try await Self.call(gateway, "/sessions/a%2Fb")
            for name in [
                "id", "name", "tenant", "user", "chat", "policy", "title", "status", "state", "vars",
                "resolved", "forked_from", "client", "created_at", "last_active_at", "expires_at",
                "ended_at", "rounds", "messages", "summaries", "usage",
            ] { #expect(session[name] != nil, "\(name)") }
            #expect(session["status"]?.string == "open")
            #expect(session["resolved"]?.string == "explicit")
            #expect(session["rounds"]?.integer == 2)
            #expect(session["messages"]?.integer == 4)
            #expect(session["usage"]?["total_tokens"]?.integer == 10)
            let all = try await Self.call(gateway, "/sessions/a%2Fb/messages")
            #expect(all["total"]?.integer == 4)
            #expect(Self.texts(all, "role") == ["user", "assistant", "user", "assistant"])
            #expect(Self.texts(all, "content") == ["I live in Lyon.", "a0", "My dog is called Rex.", "a1"])
            let one = try await Self.call(gateway, "/sessions/a%2Fb/messages?from_round=2&limit=1")
            #expect(Self.texts(one, "content") == ["My dog is called Rex."])
            let cursor = try #require(one["next_cursor"]?.string)
            let rest = try await Self.call(
                gateway, "/sessions/a%2Fb/messages?from_round=2&limit=1&cursor=\(cursor)")
            #expect(Self.texts(rest, "content") == ["a1"])
            #expect(Self.texts(try await Self.call(gateway, "/sessions/a%2Fb/summaries"), "id") == [])
            for target in ["", "/messages", "/summaries"] {
                try await gateway.admin("GET", "/admin/v1/sessions/none\(target)").expectError(
                    404, "not_found")
            }
        }
    }

    @Test("A session is ended by hand once: then it is told, and its user's next question opens another")
    func end() async throws {
        var recipe = Self.recipe()
        recipe.policy = #""session":{"scope":"user","idle":"30m"}"#
        try await withGateway(recipe, .numbered) { gateway, upstream in
            let asked = try await gateway.chat(
                Turns.body(Turns.user("I live in Lyon with my dog Rex.")), fields: "X-User-Id: anna\r\n")
            let id = try #require(asked["X-Session-Id"])
            let ended = try await Self.call(gateway, "/sessions/\(id)/end", "POST", expecting: 202)
            #expect(ended["id"]?.string == id)
            #expect(ended["status"]?.string != "open")
            #expect(ended["ended_at"]?.string != nil)
            _ = try await Self.call(gateway, "/sessions/\(id)/end", "POST")
            try await gateway.works { try gateway.details(id, user: "anna")?.life.status == .archived }
            let summaries = try await Self.call(gateway, "/sessions/\(id)/summaries")
            #expect(Self.texts(summaries, "kind") == ["session"])
            // The order of exchanges is that of their moments.
            try await gateway.pass(1)
            let next = try await gateway.chat(
                Turns.body(Turns.user("And now?")), fields: "X-User-Id: anna\r\n")
            #expect(next["X-Session-Id"] != id)
            #expect(next["X-Memory-Injected"]?.hasPrefix("standing=1") == true)
            // What was put in front, and why.
            let exchange = try await Self.call(
                gateway, "/exchanges/\(try #require(next["X-Memory-Exchange"]))")
            let block = try #require(exchange["injected"]?["blocks"]?.elements?.first)
            #expect(block["plugin"]?.string == "standing-summaries")
            #expect(block["kind"]?.string == "standing")
            let text = try #require(Self.texts(summaries, "text").first ?? nil)
            #expect(block["text"]?.string == text)
            #expect(
                block["items"]?.elements?.first?["id"]?.string
                    == Self.texts(summaries, "id").first ?? nil)
            #expect(exchange["policy"]?.string == "default")
            #expect(exchange["mode"]?.string == "full")
            #expect(exchange["upstream"]?["name"]?.string == "main")
            #expect(exchange["acknowledged"]?.flag == true)
            try await gateway.pass(1)
            // A later request shows the same text, which its own record does not hold.
            let third = try await gateway.chat(
                Turns.body(Turns.user("Again.")), fields: "X-User-Id: anna\r\n")
            let later = try await Self.call(
                gateway, "/exchanges/\(try #require(third["X-Memory-Exchange"]))")
            #expect(later["injected"]?["blocks"]?.elements?.first?["text"]?.string == text)
            let list = try await Self.call(gateway, "/exchanges?limit=1")
            #expect(Self.texts(list, "id") == [third["X-Memory-Exchange"]])
            let page = try #require(list["next_cursor"]?.string)
            let rest = try await Self.call(gateway, "/exchanges?limit=1&cursor=\(page)")
            #expect(Self.texts(rest, "id") == [next["X-Memory-Exchange"]])
            let own = try await Self.call(gateway, "/exchanges?session=\(id)")
            #expect(Self.texts(own, "id") == [asked["X-Memory-Exchange"]])
            #expect(upstream.requests.contains { $0["X-Memory-Purpose"] == "summary" })
        }
    }

    @Test("Jobs are listed with what they are about; one that is done is not done again unless asked for")
    func jobs() async throws {
        try await withGateway(Self.recipe(), .numbered) { gateway, _ in
            for text in ["one", "two"] {
                _ = try await gateway.chat(Turns.body(Turns.user(text)), fields: Turns.session)
            }
            try await gateway.works { try gateway.details("s")?.life.title != nil }
            try await gateway.eventually {
                let list = try await Self.call(gateway, "/jobs?session=s&status=done")
                return Self.texts(list, "kind") == ["title"]
            }
            let list = try await Self.call(gateway, "/jobs")
            let job = try #require(list["data"]?.elements?.first)
            #expect(job["session"]?.string == "s")
            #expect(job["error"]?.isNull == true)
            #expect(job["next_at"]?.isNull == true)
            let id = try #require(job["id"]?.string)
            #expect(try await Self.call(gateway, "/jobs/\(id)/retry", "POST")["id"]?.string == id)
            try await gateway.admin("POST", "/admin/v1/jobs/999/retry").expectError(404, "not_found")
            try await gateway.admin("GET", "/admin/v1/jobs?status=new").expectError(400, "invalid_parameter")
            try await gateway.admin("GET", "/admin/v1/jobs?session=none").expectError(404, "not_found")
        }
    }

    @Test(
        "An id that two tenants have wants the tenant's name; another user's session of that name has its own id"
    )
    func ids() async throws {
        let recipe = Self.recipe()
        try await withGateway(recipe, .numbered) { gateway, _ in
            for user in ["anna", "bert"] {
                _ = try await gateway.chat(
                    Turns.body(Turns.user(user)), fields: "X-Session-Id: s\r\nX-User-Id: \(user)\r\n")
            }
            let key = SessionKey(tenant: "other", user: "cleo", name: "s")
            let turn = SampleTurns.turn(1, in: key)
            try gateway.storage.apply([.record(turn)], .withNextBatch)
            try await gateway.admin("GET", "/admin/v1/sessions/s").expectError(400, "ambiguous_tenant")
            let anna = try await Self.call(gateway, "/sessions/s?tenant=local")
            #expect(anna["user"]?.string == "anna")
            let list = try await Self.call(gateway, "/sessions?user=bert")
            let bert = try #require(list["data"]?.elements?.first)
            #expect(bert["name"]?.string == "s")
            let id = try #require(bert["id"]?.string)
            #expect(id.utf8.count == 32)
            #expect(try await Self.call(gateway, "/sessions/\(id)")["user"]?.string == "bert")
            let messages = try await Self.call(gateway, "/sessions/\(id)/messages")
            #expect(Self.texts(messages, "content").first == "bert")
        }
    }
}

extension JSONValue {
    fileprivate var isNull: Bool { if case .null = content { true } else { false } }

    fileprivate var flag: Bool? { if case .bool(let value) = content { value } else { nil } }

    fileprivate var integer: Int? { if case .number(let digits) = content { Int(digits) } else { nil } }
}
