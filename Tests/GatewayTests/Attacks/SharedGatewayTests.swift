import GatewayTesting
import MemoryCore
import NIOCore
import SystemCalls
import Testing

@Suite("Who shares a gateway, a key or a room without a name is not told of others", .timeLimit(.minutes(15)))
struct SharedGatewayTests {
    private static let session = Attack(fields: "X-Session-Id: plans\r\n")
    private static let scopeUser = GatewayRecipe(policy: #""session":{"scope":"user"}"#)

    // MARK: Tenants by credential

    private static func credential(_ text: String) -> Attack {
        Attack(fields: "Authorization: Bearer \(text)\r\nX-User-Id: anna\r\n")
    }

    @Test("Each credential is a tenant: the same user and session of another one are others; none is 401")
    func credentials() async throws {
        let recipe = GatewayRecipe(gateway: #""tenancy":"credential""#, engine: .lmdb)
        let folder = try TemporaryFolder()
        try await withUpstream(.numbered) { upstream in
            try await withGateway(recipe, upstreamPort: upstream.port, folder: folder) { gateway in
                let own = Self.credential("sk-of-anna-0123456789") + Self.session
                // The tenant's name is made with a secret, so the victim's words are only said, not seeded.
                let victim = Victim(owner: SessionOwner(tenant: "local", .user, "anna"), naming: own)
                let scene = AttackScene(gateway: gateway, upstream: upstream, victim: victim)
                try await scene.victimSays("The word is \(Victim.said).")
                for other in [
                    "sk-of-bob", "sk-of-anna-012345678", "sk-of-anna-01234567890", "sk-of-Anna-0123456789",
                ] {
                    try await scene.withstand(Self.session + Self.credential(other))
                    let fields = "X-User-Id: anna\r\napi-key: \(other)\r\n"
                    try await scene.withstand(Self.session + Attack(fields: fields))
                }
                for none in [
                    "", "Authorization: Bearer \r\n", "Authorization: Basic YTpi\r\n", "api-key: \r\n",
                ] {
                    let attack = Attack(fields: "X-User-Id: anna\r\n" + none)
                    try await scene.withstand(Self.session + attack.refused(401, "missing_api_key"))
                }
                try await scene.victimSays("And now?")
                #expect(upstream.requests.last?.text.contains(Victim.said) == true)
            }
        }
        let status = try #require(try Files.status(of: folder.dataFile))
        let stored = try Files.read(folder.dataFile, count: Int(status.length))
        #expect(stored.firstRange(of: Array(Victim.said.utf8)) != nil)
        #expect(stored.firstRange(of: Array("sk-of-anna".utf8)) == nil)
    }

    // MARK: Nobody, and the customers of one bot

    @Test("Nobody has no standing memory, and is not told what another nobody's session holds")
    func nobody() async throws {
        try await withVictim(.nobody, .init()) { scene in
            try await scene.withstand(Attack())
            try await scene.withstand(Attack(fields: "X-Session-Id: other\r\n"))
            try await scene.withstand(Attack(fields: "X-User-Id: default\r\nX-Session-Id: other\r\n"))
            try await scene.withstand(Attack(base: "/u/default"))
            for session in Naming.session("another") { try await scene.withstand(session) }
        }
    }

    @Test("Where a policy gives each user one session, those who give no name are one user: `default`")
    func nobodyRuns() async throws {
        try await withGateway(Self.scopeUser, .numbered) { gateway, upstream in
            for question in ["The word is \(Victim.said).", "Which word?"] {
                let reply = try await gateway.chat(Turns.body(Turns.user(question)))
                #expect(reply["X-Memory-Session"] == "user")
                #expect(reply["X-Memory-Injected"]?.hasPrefix("standing=0,") == true)
            }
            #expect(upstream.requests.last?.text.contains(Victim.said) == true)
            let named = try await gateway.chat(
                Turns.body(Turns.user("Which word?")), fields: "X-User-Id: anna\r\n")
            #expect(named["X-Memory-Injected"]?.hasPrefix("standing=0, window=0") == true)
            #expect(upstream.requests.last?.text.contains(Victim.said) == false)
        }
    }

    @Test("Two customers of one bot share its key's user: what is known of that one, but no session")
    func customers() async throws {
        let recipe = Keys.recipe(Keys.entry("bot", #""tenant":"acme""#))
        try await withGateway(recipe, .numbered) { gateway, upstream in
            let owner = SessionOwner(tenant: "acme", .user, "bot")
            let key = Attack.key("bot")
            let scene = AttackScene(
                gateway: gateway, upstream: upstream, victim: Victim(owner: owner, naming: key))
            try scene.seedEnded(owner, Victim.summarised)
            let first = try await scene.victimSays("The word is \(Victim.said).")
            let customers =
                [Attack(), Attack(fields: "X-Session-Id: second\r\n")]
                + Naming.session("third") + Naming.foreignUser("bob") + [Attack(members: #""user":"carl","#)]
            for customer in customers {
                let attack = key + customer
                let reply = try await gateway.chat(attack.body, path: attack.path, fields: attack.fields)
                #expect(reply.status == 200 && reply["X-Session-Id"] != first["X-Session-Id"])
                let told = try #require(upstream.requests.last).text
                #expect(told.contains(Victim.summarised) && !told.contains(Victim.said))
            }
        }
    }

    // MARK: Running sessions

    @Test(
        "With one session for each user, two users are in two",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func runningSessions(engine: GatewayRecipe.Engine) async throws {
        var recipe = Self.scopeUser
        recipe.engine = engine
        let victim = Victim(
            owner: SessionOwner(tenant: "local", .user, "anna"),
            naming: Attack(fields: "X-User-Id: anna\r\n"))
        try await withVictim(victim, recipe) { scene in
            let own = try #require(try scene.gateway.storage.currentSession(of: victim.owner)).key
            for user in Naming.user("bob") + Naming.foreignUser("bob") + Naming.chat("anna") + [Attack()] {
                let reply = try await scene.withstand(user)
                #expect(reply["X-Session-Id"] != own.name)
                // The name that the gateway gave the session is a key to nobody else.
                try await scene.withstand(user + Attack(base: "/s/\(own.name)"))
            }
        }
    }

    // MARK: Rooms

    @Test(
        "A person's memory does not reach a room, though the room has the person's name",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func personAndRoom(engine: GatewayRecipe.Engine) async throws {
        try await withVictim(.withoutKeys, .init(engine: engine)) { scene in
            for room in Naming.chat("anna") {
                try await scene.withstand(room)
                try await scene.withstand(room + Self.session)
                // Not even where the person speaks there.
                try await scene.withstand(room + Attack(base: "/u/anna"))
                try await scene.withstand(room + Attack(base: "/u/anna/s/plans"))
                try await scene.withstand(room + Attack(base: "/u/anna/s/ended"))
            }
        }
    }

    @Test(
        "A room's memory does not reach a person, though the person has the room's name, or another room",
        arguments: [GatewayRecipe.Engine.memory, .lmdb])
    func roomAndPerson(engine: GatewayRecipe.Engine) async throws {
        try await withVictim(.room, .init(engine: engine)) { scene in
            for person in Naming.user("anna") + Naming.foreignUser("anna") + Naming.user("carl") {
                try await scene.withstand(person)
                try await scene.withstand(Self.session + person)
            }
            for room in Naming.chat("bob") + Naming.chat("carl") + Naming.chat("4:anna") {
                try await scene.withstand(Attack(base: "/u/carl") + room + Self.session)
            }
        }
    }

    @Test("A room is joined by no key that may not, and by no key of another tenant")
    func foreignRoom() async throws {
        let recipe = Keys.recipe(
            Keys.entry("acme", #""mayAssertUser":true"#), Keys.entry("guest", #""tenant":"acme""#),
            Keys.entry("other", #""mayAssertUser":true"#))
        let victim = Victim(
            owner: SessionOwner(tenant: "acme", .chat, "lobby"),
            naming: Attack.key("acme") + Attack(fields: "X-Chat-Id: lobby\r\nX-Session-Id: plans\r\n"))
        try await withVictim(victim, recipe) { scene in
            for room in Naming.chat("lobby") {
                for name in [Attack(), Self.session] {
                    try await scene.withstand(
                        Attack.key("guest") + name + room.refused(403, "chat_not_allowed"))
                    try await scene.withstand(Attack.key("other") + name + room)
                }
            }
            for session in Naming.session("lobby") {
                try await scene.withstand(Attack.key("guest") + session)
            }
        }
    }
}
