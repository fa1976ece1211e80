import ChatWire
import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("A retry leads nobody into another's session", .timeLimit(.minutes(15)))
struct StolenRetryTests {
    private static let question = "And what was the colour?"

    /// Ways to say that a request was sent before, and what its first try would have said.
    private static let announcements = [
        ("Idempotency-Key: k-1\r\n", "Idempotency-Key: k-1\r\n"),
        ("X-Stainless-Retry-Count: 0\r\n", "X-Stainless-Retry-Count: 1\r\n"),
        ("X-Retry-Count: 0\r\n", "X-Retry-Count: 2\r\n"),
    ]

    private static func retry(_ fields: String, _ names: String) -> Attack {
        Attack(fields: fields + names, question: question)
    }

    @Test(
        "The same body and announcement of another user, another tenant or another room",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func others(engine: GatewayRecipe.Engine) async throws {
        var recipe = Keys.recipe(
            Keys.entry("acme", #""mayAssertUser":true"#), Keys.entry("other", #""mayAssertUser":true"#))
        recipe.engine = engine
        try await withVictim(Victim(), recipe) { scene in
            for (first, again) in Self.announcements {
                try await scene.victimSays(Self.question, fields: first)
                for names in [
                    "X-User-Id: bob\r\n", "X-User-Id: bob\r\nX-Session-Id: plans\r\n", "X-Chat-Id: anna\r\n",
                ] {
                    let attack = Self.retry(again, Keys.field("acme") + names)
                    let reply = try await scene.withstand(attack)
                    #expect(reply["X-Memory-Injected"]?.hasPrefix("standing=0") == true)
                }
                for names in ["X-User-Id: anna\r\n", "X-User-Id: anna\r\nX-Session-Id: plans\r\n"] {
                    try await scene.withstand(Self.retry(again, Keys.field("other") + names))
                }
            }
        }
    }

    @Test(
        "Who names no session is led into no named one: nobody's session is not guessed by what is said in it",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func nobody(engine: GatewayRecipe.Engine) async throws {
        try await withVictim(.nobody, .init(engine: engine)) { scene in
            for (first, again) in Self.announcements {
                try await scene.victimSays(Self.question, fields: first)
                for names in ["", "X-Session-Id: other\r\n", "X-Conversation-Id: other\r\n"] {
                    let reply = try await scene.withstand(Self.retry(again, names))
                    #expect(reply["X-Session-Id"] != "plans")
                }
            }
        }
    }

    @Test("Nor while the first try is still under way")
    func underWay() async throws {
        let isReleased = Watched(false)
        let script = ScriptedUpstream.Script.requests { request, _, connection in
            if request["X-Slow"] != nil { try await isReleased.until { $0 } }
            try await connection.send(ModelReply.whole(ModelReply.completion("a")))
        }
        try await withVictim(.nobody, .init(), script) { scene in
            for (number, (first, again)) in Self.announcements.enumerated() {
                isReleased.update { $0 = false }
                let sent = scene.upstream.requests.count
                async let slow = scene.victimSays(Self.question, fields: first + "X-Slow: \(number)\r\n")
                _ = try await scene.upstream.request(sent)
                let reply = try await scene.withstand(Self.retry(again, ""))
                #expect(reply["X-Session-Id"] != "plans")
                isReleased.update { $0 = true }
                _ = try await slow
            }
        }
    }

    @Test("A retry of the victim's own is still one: it adds no turn")
    func own() async throws {
        try await withVictim(.nobody, .init()) { scene in
            for (first, again) in Self.announcements {
                try await scene.victimSays(Self.question, fields: first)
                let kept = try scene.gateway.messages("plans").filter { $0.message.role == .user }.count
                try await scene.victimSays(Self.question, fields: again)
                let now = try scene.gateway.messages("plans").filter { $0.message.role == .user }.count
                #expect(now == kept)
            }
        }
    }
}
