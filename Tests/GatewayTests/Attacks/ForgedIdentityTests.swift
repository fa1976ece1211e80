import GatewayTesting
import MemoryCore
import Testing

@Suite("Forged identities, policies and modes reach nothing", .timeLimit(.minutes(15)))
struct ForgedIdentityTests {
    private static let secret = "the secret of two"
    private static let session = Attack(fields: "X-Session-Id: plans\r\n")

    private static func recipe() -> GatewayRecipe {
        var recipe = GatewayRecipe(gateway: #""identity":{"openWebUISecret":"$env:OWUI"}"#)
        recipe.variables["OWUI"] = secret
        return recipe
    }

    private static func token(_ text: String) -> Attack {
        Attack(fields: "X-OpenWebUI-User-Jwt: \(text)\r\n")
    }

    private static let good = SignedToken.make(secret: secret)

    /// Tokens of the victim's name that nobody signed, or not for this gateway, or not for now.
    private static let forged: [String] = {
        let claims = SignedToken.base64(Array(SignedToken.claims().utf8))
        let none = SignedToken.base64(Array(#"{"alg":"none"}"#.utf8))
        let parts = good.split(separator: ".")
        let other = SignedToken.make(SignedToken.claims("bob"), secret: secret).split(separator: ".")
        return [
            SignedToken.make(secret: "guess"), SignedToken.make(secret: ""), "\(none).\(claims).",
            "\(none).\(claims)", "\(none).\(claims).\(parts[2])",
            SignedToken.make(head: #"{"alg":"none"}"#, secret: secret),
            SignedToken.make(head: #"{"alg":"HS512"}"#, secret: secret),
            SignedToken.make(head: #"{"alg":"RS256"}"#, secret: secret),
            SignedToken.make(head: #"{"typ":"JWT"}"#, secret: secret),
            // Somebody else's signature under the victim's claims.
            "\(parts[0]).\(parts[1]).\(other[2])", "\(other[0]).\(parts[1]).\(other[2])",
            SignedToken.make(SignedToken.claims(expiry: "1700000000"), secret: secret),
            SignedToken.make(SignedToken.claims(expiry: nil), secret: secret),
            SignedToken.make(SignedToken.claims(expiry: #""9999999999""#), secret: secret),
            SignedToken.make(SignedToken.claims(issuer: "open-webui.evil"), secret: secret),
            SignedToken.make(SignedToken.claims(issuer: "Open-WebUI"), secret: secret),
            SignedToken.make(SignedToken.claims(issuer: nil), secret: secret),
            SignedToken.make(SignedToken.claims(#"anna\u0000"#), secret: secret),
            SignedToken.make(SignedToken.claims(""), secret: secret),
            "anna", "..", ".", "\(parts[0]).\(parts[1])", good + ".x", good + "=", String(good.dropLast()),
        ]
    }()

    @Test("A token that is forged, stale or another's is 401, whoever else is named")
    func forged() async throws {
        let victim = Victim(
            owner: SessionOwner(tenant: "local", .user, "anna"), naming: Self.token(Self.good) + Self.session)
        try await withVictim(victim, Self.recipe()) { scene in
            for token in Self.forged {
                try await scene.withstand(
                    Self.session + Self.token(token).refused(401, "invalid_identity"))
            }
            let bob = Attack(fields: "X-User-Id: bob\r\n")
            try await scene.withstand(
                Self.session + bob + Self.token(Self.forged[0]).refused(401, "invalid_identity"))
        }
    }

    @Test("With the secret, what Open WebUI does not sign names nobody")
    func unsigned() async throws {
        let victim = Victim(
            owner: SessionOwner(tenant: "local", .user, "anna"), naming: Self.token(Self.good) + Self.session)
        try await withVictim(victim, Self.recipe()) { scene in
            let header = Attack(fields: "X-OpenWebUI-User-Id: anna\r\nX-OpenWebUI-User-Name: anna\r\n")
            try await scene.withstand(Self.session + header)
            let bobs = Self.token(SignedToken.make(SignedToken.claims("bob"), secret: Self.secret))
            try await scene.withstand(Self.session + header + bobs)
            let members = #""safety_identifier":"anna","user":"anna","metadata":{"user_id":"anna"},"#
            try await scene.withstand(Self.session + bobs + Attack(members: members))
        }
    }

    @Test("Without the secret a token says nothing, and a key of one user is not moved by one")
    func ignored() async throws {
        try await withVictim(.withoutKeys, .init()) { scene in
            for token in [Self.good, Self.forged[0], Self.forged[2], ".."] {
                try await scene.withstand(Self.session + Self.token(token))
            }
        }
        var recipe = Keys.recipe(
            Keys.entry("acme", #""mayAssertUser":true"#), Keys.entry("guest", #""tenant":"acme""#))
        (recipe.gateway, recipe.variables) = (Self.recipe().gateway, Self.recipe().variables)
        try await withVictim(Victim(), recipe) { scene in
            for token in [Self.good, Self.forged[0]] {
                try await scene.withstand(Attack.key("guest") + Self.session + Self.token(token))
            }
        }
    }

    // MARK: Policies and modes

    private static func policy(_ name: String) -> [Attack] {
        [
            Attack(base: "/p/\(name)"), Attack(fields: "X-Memory-Policy: \(name)\r\n"),
            Attack(members: #""memory":{"policy":"\#(name)"},"#),
            Attack(base: "/p/default", fields: "X-Memory-Policy: \(name)\r\n"),
            Attack(base: "/p/default", members: #""memory":{"policy":"\#(name)"},"#),
        ]
    }

    private static func mode(_ name: String) -> [Attack] {
        [
            Attack(fields: "X-Memory-Mode: \(name)\r\n"), Attack(members: #""memory":{"mode":"\#(name)"},"#),
            Attack(fields: "X-Memory-Mode: full\r\n", members: #""memory":{"mode":"\#(name)"},"#),
        ]
    }

    @Test("A policy or a mode that nobody knows is 400, also beside one that is known")
    func unknown() async throws {
        var recipe = Keys.recipe(
            Keys.entry("acme", #""mayAssertUser":true,"mayChoosePolicy":true"#),
            Keys.entry("other", #""mayChoosePolicy":true"#))
        recipe.policies = #","bot":{}"#
        try await withVictim(Victim(), recipe) { scene in
            for name in ["nobody", "Default", "default,bot", "..", "bot%20"] {
                for policy in Self.policy(name) {
                    try await scene.withstand(Attack.key("other") + policy.refused(400, "invalid_policy"))
                }
            }
            for name in ["loud", "Full", "full,off", "FULL", "read write"] {
                for mode in Self.mode(name) {
                    try await scene.withstand(Attack.key("other") + mode.refused(400, "invalid_mode"))
                }
            }
            // What may be said changes nothing of what is reached.
            for way in Self.policy("bot") + Self.mode("read") + Self.mode("write") + Self.mode("off") {
                try await scene.withstand(Attack.key("other") + Self.session + way)
            }
        }
    }

    @Test("A key that may not choose a policy gets 403 for one that there is, and for one that there is not")
    func notAllowed() async throws {
        var recipe = Keys.recipe(Keys.entry("acme", #""mayAssertUser":true"#), Keys.entry("other"))
        recipe.policies = #","bot":{}"#
        try await withVictim(Victim(), recipe) { scene in
            for name in ["bot", "nobody"] {
                for policy in Self.policy(name) {
                    try await scene.withstand(
                        Attack.key("other") + policy.refused(403, "policy_not_allowed"))
                }
            }
        }
    }
}
