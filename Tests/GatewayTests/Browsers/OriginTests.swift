import GatewayTesting
import NIOCore
import Testing

@Suite("Whose pages are served", .timeLimit(.minutes(15)))
struct OriginTests {
    private static let chat = #"{"messages":[{"role":"user","content":"hi"}]}"#
    private static let recipe = GatewayRecipe(
        gateway: #""origins":["https://chat.example.com","chrome-extension://*"]"#)
    private static let good = [
        "http://localhost", "http://localhost:3000", "https://localhost:8443", "HTTP://LOCALHOST:3000",
        "http://127.0.0.1:5173", "http://127.9.9.9", "http://[::1]:5173", "http://app.localhost:1420",
        "app://obsidian.md",
        "tauri://localhost", "vscode-webview://0a1b2c", "vscode-file://vscode-app",
        "https://chat.example.com",
        "chrome-extension://abcdefghijklmnop",
    ]
    private static let bad = [
        "null", "https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example",
        "http://evil.example:127", "https://chat.example.com.evil.example", "https://xchat.example.com",
        "http://chat.example.com", "https://chat.example.com:8443", "file://", "http://192.168.1.7",
        "http://10.0.0.1:3000", "moz-extension://abcdef", "chrome-extension://", "https://", "localhost", "",
        "http://localhost@evil.example", "http://evil.example#localhost", "apps://x", "http://0x7f000001",
    ]

    @Test("Pages of this machine, of local shells and of listed origins are served", arguments: good)
    func served(origin: String) async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            for path in ["/v1/chat/completions", "/v1/embeddings"] {
                let reply = try await gateway.chat(Self.chat, path: path, fields: "Origin: \(origin)\r\n")
                #expect(reply.status == 200)
                #expect(reply.all("Access-Control-Allow-Origin") == [origin])
            }
            #expect(upstream.requests.count == 2)
        }
    }

    @Test("Other pages get 403, which they cannot read, and nothing goes up or is kept", arguments: bad)
    func refused(origin: String) async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            for path in ["/v1/chat/completions", "/v1/embeddings", "/v1/memory/x", "/"] {
                let reply = try await gateway.chat(Self.chat, path: path, fields: "Origin: \(origin)\r\n")
                try reply.expectError(403, "origin_not_allowed")
                #expect(reply["Access-Control-Allow-Origin"] == nil)
            }
            _ = try await gateway.log.line(with: "code=origin_not_allowed")
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("Two origins are refused although each would be served")
    func two() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            let fields = "Origin: http://localhost\r\nOrigin: http://localhost\r\n"
            try await gateway.chat(Self.chat, fields: fields).expectError(403, "origin_not_allowed")
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A refused preflight is 403 too, and no CORS field says otherwise")
    func refusedPreflight() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            let fields = "Origin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\n"
            let reply = try await gateway.send("OPTIONS", "/v1/chat/completions", fields: fields)
            try reply.expectError(403, "origin_not_allowed")
            #expect(!reply.fields.contains { $0.name.lowercased().hasPrefix("access-control") })
            try await gateway.expectUntouched(upstream)
        }
    }

    @Test("A refused HEAD has no body, and its connection goes on")
    func head() async throws {
        try await withGateway(Self.recipe, .numbered) { gateway, upstream in
            let client = try await gateway.connect()
            client.expectHead(true)
            let fields = "Origin: https://evil.example\r\n"
            try await client.send(TestGateway.request("HEAD", "/v1/models", fields: fields))
            let reply = try await client.next()
            #expect(reply.status == 403)
            #expect(reply["Content-Type"] == "application/json")
            #expect(reply["Connection"] == nil)
            try await client.send(TestGateway.request("GET", "/v1/models"))
            #expect(try await client.next().text == ModelReply.completion("a0"))
            #expect(String(buffer: client.state.look(\.raw)).components == 2)
            #expect(upstream.requests.count == 1)
        }
    }

    @Test("A request without an origin gets no CORS field of ours and keeps the upstream's")
    func none() async throws {
        let theirs = "Access-Control-Allow-Origin: *\r\n"
        try await withGateway(.init(), .always(ModelReply.whole("{}", fields: theirs))) { gateway, _ in
            let reply = try await gateway.send("GET", "/v1/models")
            #expect(reply.all("Access-Control-Allow-Origin") == ["*"])
            #expect(reply["Vary"] == nil)
            #expect(reply["Access-Control-Expose-Headers"] == nil)
        }
    }
}

extension String {
    /// How many heads of replies it holds: each ends, and the next begins, in an empty line alone.
    fileprivate var components: Int { split(separator: "HTTP/1.1 ").count }
}
