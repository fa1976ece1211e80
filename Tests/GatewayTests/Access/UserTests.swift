import Digests
import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import Testing

@Suite("Who the user of a request is", .timeLimit(.minutes(15)))
struct UserTests {
    /// Signed by `owui-secret`, for `jwt`, until the year 2286; and the same by another secret.
    private static let token = signed(by: "owui-secret")
    private static let forged = signed(by: "guess")

    private static func signed(by secret: String) -> String {
        // {"alg":"HS256"} and {"sub":"jwt","iss":"open-webui","exp":9999999999}
        let text =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqd3QiLCJpc3MiOiJvcGVuLXdlYnVpIiwiZXhwIjo5OTk5OTk5OTk5fQ"
        let code = Digest(hmac: Array(text.utf8), key: Array(secret.utf8)).bytes
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var signature: [UInt8] = []
        for start in stride(from: 0, to: 32, by: 3) {
            let group = code[start..<min(start + 3, 32)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { signature.append(digits[bits >> (18 - 6 * place) & 63]) }
        }
        return text + "." + String(decoding: signature, as: UTF8.self)
    }

    private static let jwt = "X-OpenWebUI-User-Jwt: \(token)\r\n"
    private static let header = "X-OpenWebUI-User-Id: owui\r\n"
    private static let safety = #""safety_identifier":"safe","#
    private static let user = #""user":"body","#
    private static let metadata = #""metadata":{"user_id":"meta"},"#

    /// Every way, the strongest first; each case leaves one more out.
    struct Case: Sendable, CustomTestStringConvertible {
        var base = "/v1"
        var fields = ""
        var members = ""
        var user: String
        var testDescription: String { "\(base) \(fields) \(members) → \(user)" }
    }

    static let cases = [
        Case(
            base: "/u/url/v1", fields: "X-User-Id: own\r\n" + jwt + header,
            members: #""memory":{"user":"member"},"# + safety + user + metadata, user: "url"),
        Case(
            fields: "X-User-Id: own\r\n" + jwt + header,
            members: #""memory":{"user":"member"},"# + safety + user + metadata, user: "own"),
        Case(
            fields: jwt + header, members: #""memory":{"user":"member"},"# + safety + user + metadata,
            user: "member"),
        Case(fields: header, members: safety + user + metadata, user: "owui"),
        Case(members: safety + user + metadata, user: "safe"),
        Case(members: user + metadata, user: "body"),
        Case(members: metadata, user: "meta"),
        Case(
            members: #""metadata":{"user_id":"user_ab12_account__session_8f-1"},"#, user: "user_ab12_account_"
        ),
        Case(user: "default"),
        // What is no name is passed over.
        Case(fields: "X-OpenWebUI-User-Id: a b\r\n", members: #""user":"","# + metadata, user: "meta"),
        Case(members: #""user":{"id":"x"},"safety_identifier":7,"metadata":[1],"#, user: "default"),
        Case(members: #""user":"a\nb","metadata":{"user_id":"{\"session_id\":\"x\"}"},"#, user: "default"),
        Case(fields: "User-Agent: HomeAssistant/2026.11\r\n", members: user, user: "default"),
        // Without a secret the token says nothing.
        Case(fields: jwt, members: user, user: "body"),
    ]

    @Test(
        "URL, header and body of ours win over what clients say by themselves, each in its order",
        arguments: cases)
    func order(_ given: Case) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let body = "{\(given.members)" + Turns.body().dropFirst()
            let reply = try await gateway.chat(
                body, path: given.base + "/chat/completions", fields: Turns.session + given.fields)
            #expect(reply.status == 200)
            #expect(try gateway.messages("s", user: given.user).count == 2)
            let sent = try #require(upstream.requests.first).text
            let forwarded = given.members.replacing(#""memory":{"user":"member"},"#, with: "")
            #expect(sent == "{\(forwarded)" + Turns.body().dropFirst())
        }
    }

    @Test(
        "With the secret a signed identity wins over all that clients say; what they do not sign does not count"
    )
    func withSecret() async throws {
        var recipe = GatewayRecipe(gateway: #""identity":{"openWebUISecret":"$env:OWUI"}"#)
        recipe.variables["OWUI"] = "owui-secret"
        try await withGateway(recipe, .numbered) { gateway, upstream in
            for (fields, user) in [(Self.jwt + Self.header, "jwt"), (Self.header, "safe")] {
                let body = "{\(Self.safety)" + Turns.body().dropFirst()
                let reply = try await gateway.chat(body, fields: Turns.session + fields)
                #expect(reply.status == 200)
                #expect(try gateway.messages("s", user: user).count == 2)
            }
            let forged = "X-OpenWebUI-User-Jwt: \(Self.forged)\r\n"
            let reply = try await gateway.chat(Turns.body(), fields: Turns.session + forged)
            try reply.expectError(401, "invalid_identity")
            #expect(upstream.requests.count == 2)
            let own = try await gateway.chat(
                Turns.body(), fields: "X-User-Id: own\r\n" + Turns.session + forged)
            try own.expectError(401, "invalid_identity")
        }
    }

    @Test("A key that may not name users is its own user, whatever clients say by themselves")
    func notAllowed() async throws {
        var recipe = Keys.recipe(Keys.entry("a"))
        recipe.gateway = #""identity":{"openWebUISecret":"$env:OWUI"}"#
        recipe.variables["OWUI"] = "owui-secret"
        try await withGateway(recipe, .numbered) { gateway, _ in
            for fields in [Self.jwt, Self.header, "X-OpenWebUI-User-Jwt: \(Self.forged)\r\n", ""] {
                let question = Turns.user("how about \(fields.count)?")
                let body = "{\(Self.safety + Self.user + Self.metadata)" + Turns.body(question).dropFirst()
                let reply = try await gateway.chat(body, fields: Keys.field("a") + Turns.session + fields)
                #expect(reply.status == 200)
            }
            let key = SessionKey(tenant: "a", user: "a", name: "s")
            let count = try gateway.storage.messages(of: key).count
            #expect(count == 8)
        }
    }

    @Test("gateway.defaultUser is the user of requests that name none")
    func defaultUser() async throws {
        try await withGateway(.init(gateway: #""defaultUser":"house""#), .numbered) { gateway, _ in
            let reply = try await gateway.chat(Turns.body(), fields: Turns.session)
            #expect(reply.status == 200)
            #expect(try gateway.messages("s", user: "house").count == 2)
        }
    }
}
