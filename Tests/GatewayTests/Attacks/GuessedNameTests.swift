import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("Who guesses names reaches nobody's memory", .timeLimit(.minutes(15)))
struct GuessedNameTests {
    /// Keys of the victim's tenant, of another one, and of one whose name runs together with users' names.
    private static func recipe(_ engine: GatewayRecipe.Engine) -> GatewayRecipe {
        var recipe = Keys.recipe(
            Keys.entry("acme", #""mayAssertUser":true"#), Keys.entry("other", #""mayAssertUser":true"#),
            Keys.entry("ac", #""mayAssertUser":true"#), Keys.entry("guest", #""tenant":"acme""#))
        recipe.engine = engine
        return recipe
    }

    private static let session = Attack(fields: "X-Session-Id: plans\r\n")
    private static let anna = Attack(fields: "X-User-Id: anna\r\n")
    private static let bob = Attack(fields: "X-User-Id: bob\r\n")

    @Test(
        "Another tenant's key that names the victim and the session, in every way there is",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func otherTenant(engine: GatewayRecipe.Engine) async throws {
        try await withVictim(Victim(), Self.recipe(engine)) { scene in
            let key = Attack.key("other")
            for user in Naming.user("anna") + Naming.foreignUser("anna") {
                try await scene.withstand(key + user + Self.session)
            }
            for session in Naming.session("plans") + Naming.session("ended") {
                try await scene.withstand(key + Self.anna + session)
            }
            for chat in Naming.chat("anna") + Naming.chat("plans") {
                try await scene.withstand(key + chat + Self.session)
            }
        }
    }

    @Test(
        "Another user of the tenant that names the victim's session, in every way there is",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func otherUser(engine: GatewayRecipe.Engine) async throws {
        try await withVictim(Victim(), Self.recipe(engine)) { scene in
            for session in Naming.session("plans") + Naming.session("ended") {
                try await scene.withstand(Attack.key("acme") + Self.bob + session)
            }
            for session in Naming.session("plans") + Naming.session("ended") {
                try await scene.withstand(Attack.key("guest") + session)
            }
            for chat in Naming.chat("anna") + Naming.chat("plans") {
                try await scene.withstand(Attack.key("acme") + Self.bob + chat + Self.session)
            }
        }
    }

    @Test("A key that stands for one user: naming the victim our way is 403, in foreign ways it says nothing")
    func keyOfOneUser() async throws {
        try await withVictim(Victim(), Self.recipe(.memory)) { scene in
            for user in Naming.user("anna") {
                try await scene.withstand(Attack.key("guest") + user.refused(403, "user_not_allowed"))
                try await scene.withstand(
                    Attack.key("guest") + Self.session + user.refused(403, "user_not_allowed"))
            }
            for user in Naming.foreignUser("anna") {
                try await scene.withstand(Attack.key("guest") + user + Self.session)
            }
            for chat in Naming.chat("anna") + Naming.chat("plans") {
                try await scene.withstand(Attack.key("guest") + chat.refused(403, "chat_not_allowed"))
            }
        }
    }

    @Test("Without a key, or with one that was guessed, nothing is reached")
    func noKey() async throws {
        try await withVictim(Victim(), Self.recipe(.memory)) { scene in
            let names = Self.anna + Self.session
            try await scene.withstand(names.refused(401, "missing_api_key"))
            let digest = String(Keys.entry("acme").split(separator: "\"")[7])
            for guess in ["sk-acm", "sk-acmee", "SK-ACME", "acme", digest, "sk-acme,sk-other", "sk-acme%00"] {
                let field = Attack(fields: "Authorization: Bearer \(guess)\r\n")
                try await scene.withstand(field + names.refused(401, "invalid_api_key"))
            }
        }
    }

    /// Names that join to the victim's: acme, anna, plans.
    private static let joined: [(key: String, user: String, session: String)] = [
        ("ac", "meanna", "plans"), ("acme", "annaplans", "x"), ("acme", "an", "naplans"),
        ("acme", "4:anna", "plans"), ("acme", "4:anna5:plans", "5:plans"), ("acme", "anna", "5:plans"),
        ("acme", "anna/plans", "plans"), ("acme", "anna", "plans/"), ("acme", "acme", "anna"),
        ("acme", "acme/anna", "plans"), ("acme", "plans", "anna"), ("other", "acme", "anna"),
        ("acme", "anna:plans", "plans"), ("acme", "anna|plans", "plans"), ("acme", "../anna", "plans"),
    ]

    @Test(
        "Names that run together with others, or hold lengths and separators, make nobody else's",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func joinedNames(engine: GatewayRecipe.Engine) async throws {
        try await withVictim(Victim(), Self.recipe(engine)) { scene in
            // Of the victim's own user another session; the summary of the ended one is theirs to be told.
            for name in Self.joined where name.user != "anna" {
                let user = Attack(fields: "X-User-Id: \(Naming.escaped(name.user))\r\n")
                let session = Attack(base: "/s/\(Naming.escaped(name.session))")
                try await scene.withstand(.key(name.key) + user + session)
                let members = #""memory":{"user":"\#(name.user)","session":"\#(name.session)"},"#
                try await scene.withstand(.key(name.key) + Attack(members: members))
            }
            for name in Self.joined where name.user == "anna" {
                let fields = "X-User-Id: anna\r\nX-Session-Id: \(name.session)\r\n"
                let reply = try await scene.gateway.chat(
                    Turns.body(), fields: Keys.field(name.key) + fields)
                #expect(reply["X-Memory-Injected"]?.contains("window=0") == true)
                #expect(scene.upstream.requests.last?.text.contains(Victim.said) == false)
            }
        }
    }

    /// Spellings that look like `Zoë` or `plän`, or are the same by Unicode's equivalences.
    private static let spellings = [
        "Zoe\u{308}", "zo\u{EB}", "Zo\u{EB}\u{200B}", "\u{FF3A}o\u{EB}", "Zo\u{EB}\u{20}",
        "\u{5A}\u{43E}\u{EB}",
        "Zo\u{EB}\u{2060}", "\u{202E}\u{EB}oZ",
    ]

    @Test(
        "Spellings that look the same, or are the same to Unicode, name others",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func spellings(engine: GatewayRecipe.Engine) async throws {
        let name = "Zo\u{EB}"
        let victim = Victim(
            owner: SessionOwner(tenant: "acme", .user, name), session: name,
            naming: Attack(base: "/u/\(Naming.escaped(name))/s/\(Naming.escaped(name))")
                + Attack.key("acme"))
        try await withVictim(victim, Self.recipe(engine)) { scene in
            for spelling in Self.spellings {
                let escaped = Naming.escaped(spelling)
                let session = Attack(base: "/s/\(Naming.escaped(name))")
                try await scene.withstand(
                    Attack.key("acme") + Attack(fields: "X-User-Id: \(escaped)\r\n") + session)
                try await scene.withstand(
                    Attack.key("acme") + Attack(base: "/u/\(escaped)") + Self.session)
                let member = Attack(members: #""memory":{"user":"\#(spelling)"},"#)
                try await scene.withstand(Attack.key("acme") + member + session)
            }
        }
    }

    @Test(
        "Of long names no end is cut off: 256 bytes are a name, 255 another, 257 none",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func longNames(engine: GatewayRecipe.Engine) async throws {
        let name = String(repeating: "x", count: 256)
        let victim = Victim(
            owner: SessionOwner(tenant: "acme", .user, name), session: name,
            naming: Attack(fields: "X-User-Id: \(name)\r\nX-Session-Id: \(name)\r\n") + Attack.key("acme"))
        try await withVictim(victim, Self.recipe(engine)) { scene in
            let session = Attack(base: "/s/\(name)")
            for other in [String(name.dropLast()), String(name.dropLast()) + "y"] {
                // In a header an id has at most 256 characters as it is written.
                let ways = Naming.user(other) + Naming.foreignUser(other)
                for user in ways where !user.fields.contains("%") {
                    try await scene.withstand(Attack.key("acme") + session + user)
                }
            }
            let long = name + "x"
            for user in Naming.user(long) {
                try await scene.withstand(Attack.key("acme") + session + user.refused(400, "invalid_user_id"))
            }
            for user in Naming.foreignUser(long) {
                try await scene.withstand(Attack.key("acme") + session + user)
            }
            for way in [
                Attack(base: "/s/\(long)"), Attack(fields: "X-Session-Id: \(long)\r\n"),
                Attack(members: #""memory":{"session":"\#(long)"},"#),
            ] {
                try await scene.withstand(
                    Attack.key("acme") + Self.bob + way.refused(400, "invalid_session_id"))
            }
        }
    }

    @Test(
        "Names with NUL, control characters or bytes that are no UTF-8 are none",
        arguments: ["anna%00", "%00anna", "anna%00bob", "anna%0A", "anna%7F", "anna%C2%85", "a%0D%0Anna"])
    func controls(name: String) async throws {
        try await withVictim(Victim(), Self.recipe(.lmdb)) { scene in
            for (way, what) in [
                (Attack(base: "/u/\(name)"), "user"), (Attack(fields: "X-User-Id: \(name)\r\n"), "user"),
                (Attack(base: "/s/\(name)"), "session"),
                (Attack(fields: "X-Session-Id: \(name)\r\n"), "session"),
                (Attack(fields: "X-Chat-Id: \(name)\r\n"), "chat"),
                (Attack(base: "/u/anna%FF"), "user"), (Attack(base: "/s/%C3%28"), "session"),
                (Attack(members: #""memory":{"user":"anna\u0000"},"#), "user"),
                (Attack(members: #""memory":{"session":"plans\u001f"},"#), "session"),
                (Attack(members: #""memory":{"chat":"\u007f"},"#), "chat"),
            ] {
                try await scene.withstand(Attack.key("acme") + way.refused(400, "invalid_\(what)_id"))
            }
            let foreign = Attack(fields: "X-OpenWebUI-User-Id: \(name)\r\n")
            try await scene.withstand(Attack.key("acme") + Self.session + foreign)
        }
    }

    @Test("A reply does not tell whether somebody else has a session, a room or a name like that")
    func silence() async throws {
        try await withVictim(Victim(), Self.recipe(.memory)) { scene in
            func told(_ user: String, _ session: String) async throws -> [String] {
                let names = "X-User-Id: \(user)\r\nX-Session-Id: \(session)\r\n"
                let reply = try await scene.withstand(Attack.key("other") + Attack(fields: names))
                return reply.fields.filter { $0.name != "X-Memory-Exchange" }.map(\.description)
            }
            let known = try await told("anna", "plans")
            let unknown = try await told("bert", "plans")
            #expect(known == unknown)
        }
    }
}
