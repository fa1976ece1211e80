import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import Testing

@Suite("A gateway with keys", .timeLimit(.minutes(15)))
struct KeyTests {
    @Test(
        "A request without one of its keys is 401 on every path, and nothing goes up",
        arguments: [
            ("", "missing_api_key"), ("Authorization: Bearer sk-b\r\n", "invalid_api_key"),
            ("Authorization: Bearer \r\n", "missing_api_key"), ("Authorization: sk-a\r\n", "missing_api_key"),
            ("Authorization: Basic sk-a\r\n", "missing_api_key"), ("api-key: sk-aa\r\n", "invalid_api_key"),
            ("Authorization: Bearer sk-a \u{1}\r\n", nil),
        ] as [(String, String?)])
    func refused(fields: String, code: String?) async throws {
        try await withGateway(Keys.recipe(Keys.entry("a")), .numbered) { gateway, upstream in
            for (method, path) in [("POST", "/v1/chat/completions"), ("GET", "/v1/models"), ("GET", "/x")] {
                let body = method == "POST" ? Turns.body() : nil
                let reply = try await gateway.send(method, path, fields: fields, body: body)
                if let code {
                    try reply.expectError(401, code)
                } else {
                    #expect(reply.status == 400)
                }
                #expect(
                    (reply["X-Memory-Status"] == "skipped; reason=error") == (method == "POST" || code == nil)
                )
            }
            #expect(upstream.accepted == 0)
        }
    }

    @Test(
        "A key is taken from OpenAI's, Azure's or Anthropic's field, and never goes up",
        arguments: [
            "Authorization: Bearer sk-a", "authorization: bearer  sk-a", "api-key: sk-a", "X-Api-Key: sk-a",
            "Authorization: Bearer sk-a\r\nx-goog-api-key: sk-a\r\nAuthorization: Bearer sk-a",
        ], ["", #""key":"$env:UP""#, #""key":"$env:UP","keyHeader":"api-key""#])
    func fields(field: String, upstreamKey: String) async throws {
        var recipe = Keys.recipe(Keys.entry("a"), upstream: upstreamKey)
        recipe.variables["UP"] = "up"
        try await withGateway(recipe, .numbered) { gateway, upstream in
            let reply1 = try await gateway.chat(Turns.body(), fields: field + "\r\n")
            #expect(reply1.status == 200)
            let reply2 = try await gateway.send("GET", "/v1/models", fields: field + "\r\n")
            #expect(reply2.status == 200)
            for request in upstream.requests {
                #expect(!request.head.contains("sk-a"))
                let (bearer, plain) = (request["Authorization"], request["api-key"])
                switch upstreamKey {
                case "": #expect(bearer == nil && plain == nil)
                case _ where upstreamKey.contains("keyHeader"): #expect(bearer == nil && plain == "up")
                default: #expect(bearer == "Bearer up" && plain == nil)
                }
            }
        }
    }

    @Test("A key's own credential goes up instead of the upstream's")
    func upstreamKey() async throws {
        var recipe = Keys.recipe(
            Keys.entry("a", #""upstreamKey":"$env:A""#), Keys.entry("b"), upstream: #""key":"$env:UP""#)
        recipe.variables = ["UP": "up", "A": "own"]
        try await withGateway(recipe, .numbered) { gateway, upstream in
            for name in ["a", "b"] {
                _ = try await gateway.chat(Turns.body(), fields: Keys.field(name))
                _ = try await gateway.send("GET", "/v1/models", fields: Keys.field(name))
            }
            let sent = upstream.requests.map { $0["Authorization"] }
            #expect(sent == ["Bearer own", "Bearer own", "Bearer up", "Bearer up"])
        }
    }

    @Test("Keys of different tenants that give the same user and session share nothing")
    func tenants() async throws {
        let recipe = Keys.recipe(
            Keys.entry("a", #""mayAssertUser":true"#), Keys.entry("b", #""mayAssertUser":true"#),
            Keys.entry("a2", #""tenant":"a","mayAssertUser":true"#))
        try await withGateway(recipe, .numbered) { gateway, upstream in
            for (name, expected) in [("a", 1), ("b", 1), ("a2", 3), ("b", 3)] {
                let fields = Keys.field(name) + Turns.session + "X-User-Id: anna\r\n"
                let question = expected == 1 ? Turns.question : Turns.later
                let reply3 = try await gateway.chat(Turns.body(question), fields: fields)
                #expect(reply3.status == 200)
                let messages = upstream.requests.last?.text.split(separator: #""role""#).count ?? 0
                #expect(messages - 1 == expected)
            }
            for tenant in ["a", "b"] {
                let key = SessionKey(tenant: tenant, user: "anna", name: "s")
                #expect(try gateway.storage.messages(of: key).count == 4)
            }
        }
    }

    @Test("A key stands for its user, or for one by its name")
    func user() async throws {
        let recipe = Keys.recipe(Keys.entry("a", #""user":"anna""#), Keys.entry("b", #""tenant":"a""#))
        try await withGateway(recipe, .numbered) { gateway, _ in
            for name in ["a", "b"] {
                let fields = Keys.field(name) + Turns.session
                let reply4 = try await gateway.chat(Turns.body(), fields: fields)
                #expect(reply4.status == 200)
            }
            for user in ["anna", "b"] {
                let key = SessionKey(tenant: "a", user: user, name: "s")
                #expect(try gateway.storage.messages(of: key).count == 2)
            }
        }
    }

    @Test(
        "A key that may not name users, chats or policies gets 403 for it, and nothing goes up",
        arguments: [
            ("/u/anna/v1", "", "", "user_not_allowed"),
            ("/v1", "X-User-Id: anna\r\n", "", "user_not_allowed"),
            ("/v1", "X-Memory-User-Id: a\r\n", "", "user_not_allowed"),
            ("/v1", "", #""memory":{"user":"a"},"#, "user_not_allowed"),
            ("/v1", "X-Chat-Id: c\r\n", "", "chat_not_allowed"),
            ("/v1", "", #""memory":{"chat":"c"},"#, "chat_not_allowed"),
            ("/p/bot/v1", "", "", "policy_not_allowed"),
            ("/v1", "X-Memory-Policy: bot\r\n", "", "policy_not_allowed"),
            ("/v1", "", #""memory":{"policy":"bot"},"#, "policy_not_allowed"),
        ])
    func notAllowed(base: String, fields: String, members: String, code: String) async throws {
        try await withGateway(Keys.recipe(Keys.entry("a")), .numbered) { gateway, upstream in
            let body = "{\(members)" + Turns.body().dropFirst()
            let reply = try await gateway.chat(
                body, path: base + "/chat/completions", fields: Keys.field("a") + fields)
            try reply.expectError(403, code)
            #expect(upstream.accepted == 0)
            let stored = try gateway.storage.statistics().messages
            #expect(stored == 0)
        }
    }

    @Test("Its own policy any key may name, an unknown one is 400 for who may choose")
    func policies() async throws {
        let recipe = Keys.recipe(Keys.entry("a"), Keys.entry("b", #""mayChoosePolicy":true"#))
        try await withGateway(recipe, .numbered) { gateway, _ in
            for name in ["a", "b"] {
                let fields = Keys.field(name) + "X-Memory-Policy: default\r\n"
                let reply5 = try await gateway.chat(Turns.body(), fields: fields)
                #expect(reply5.status == 200)
            }
            let fields = Keys.field("b") + "X-Memory-Policy: bot\r\n"
            try await gateway.chat(Turns.body(), fields: fields).expectError(400, "invalid_policy")
        }
    }

    @Test("Paths that hold what one of several people has stored are 403; names of hosts do not matter")
    func paths() async throws {
        try await withGateway(Keys.recipe(Keys.entry("a")), .numbered) { gateway, upstream in
            let fields = Keys.field("a")
            try await gateway.send("GET", "/v1/files", fields: fields).expectError(403, "path_not_allowed")
            try await gateway.send("GET", "/props", fields: fields).expectError(403, "path_not_allowed")
            #expect(upstream.accepted == 0)
            let client = try await gateway.connect()
            try await client.send("GET /v1/models HTTP/1.1\r\nHost: gateway.example.com\r\n\(fields)\r\n")
            let reply6 = try await client.next()
            #expect(reply6.status == 200)
        }
    }

    @Test("A key stands in no other field that goes up, and in no URL")
    func echoes() async throws {
        try await withGateway(Keys.recipe(Keys.entry("long-name")), .numbered) { gateway, upstream in
            let fields = Keys.field("long-name")
            let echo = fields + "Cookie: a=1; key=sk-long-name\r\nX-Kept: sk-long\r\n"
            let reply = try await gateway.chat(Turns.body(), fields: echo)
            #expect(reply.status == 200)
            let sent = try #require(upstream.requests.first)
            #expect(!sent.head.contains("sk-long-name") && sent["X-Kept"] == "sk-long")
            try await gateway.send("GET", "/v1/models?key=sk-long-name", fields: fields)
                .expectError(400, "key_in_target")
            #expect(upstream.requests.count == 1)
        }
    }

    @Test("A request that comes round is 508, though its key was taken away on the way")
    func loop() async throws {
        try await withGateway(Keys.recipe(Keys.entry("a")), .numbered) { gateway, upstream in
            _ = try await gateway.chat(Turns.body(), fields: Keys.field("a"))
            let hop = try #require(upstream.requests.first?["X-Memory-Hop"])
            let round = try await gateway.chat(Turns.body(), fields: "X-Memory-Hop: \(hop)\r\n")
            try round.expectError(508, "loop_detected")
        }
    }

    @Test(
        "What a key may not name it may not name on transparent paths either",
        arguments: [
            ("/u/bob/v1/models", "", "user_not_allowed"),
            ("/v1/models", "X-User-Id: bob\r\n", "user_not_allowed"),
            ("/p/bot/v1/models", "", "policy_not_allowed"),
        ])
    func transparent(path: String, fields: String, code: String) async throws {
        try await withGateway(Keys.recipe(Keys.entry("a")), .numbered) { gateway, upstream in
            let reply = try await gateway.send("GET", path, fields: Keys.field("a") + fields)
            try reply.expectError(403, code)
            #expect(upstream.accepted == 0)
        }
    }

    @Test("A preflight shows no key and needs none")
    func preflight() async throws {
        try await withGateway(Keys.recipe(Keys.entry("a")), .numbered) { gateway, _ in
            let fields = "Origin: http://localhost:3000\r\nAccess-Control-Request-Method: POST\r\n"
            let reply = try await gateway.send("OPTIONS", "/v1/chat/completions", fields: fields)
            #expect(reply.status == 204)
            let refused = try await gateway.send(
                "POST", "/v1/chat/completions", fields: "Origin: http://localhost:3000\r\n",
                body: Turns.body())
            try refused.expectError(401, "missing_api_key")
            #expect(refused["Access-Control-Allow-Origin"] == "http://localhost:3000")
        }
    }
}
