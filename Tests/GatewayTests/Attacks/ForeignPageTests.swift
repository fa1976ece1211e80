import GatewayTesting
import NIOCore
import Testing

@Suite("Pages of foreign origins and rebound names reach nothing", .timeLimit(.minutes(15)))
struct ForeignPageTests {
    private static let foreign = [
        "https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1.evil.example",
        "http://[::1].evil.example", "http://evil.example:80", "http://localhost@evil.example", "file://",
        "http://192.168.1.7", "https://evil.localhost.example", "http://127.0.0.1, https://evil.example", "",
    ]
    private static let local = [
        "http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:8080", "https://app.localhost",
        "app://notes", "tauri://localhost", "vscode-webview://0a1b",
    ]
    private static let rebound = [
        "evil.example", "evil.example:8787", "127.0.0.1.evil.example", "localhost.evil.example",
        "[::1].evil.example",
        "[::1]x", "127.0.0.1@evil.example", "a.b", "",
    ]
    private static let names = "X-User-Id: anna\r\nX-Session-Id: plans\r\n"

    @Test("A page of a foreign origin is 403, on its preflight too, and cannot read why")
    func foreign() async throws {
        try await withVictim(.withoutKeys, .init()) { scene in
            for origin in Self.foreign {
                let attack = Attack(fields: Self.names + "Origin: \(origin)\r\n")
                let reply = try await scene.withstand(attack.refused(403, "origin_not_allowed"))
                let asked =
                    "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-user-id\r\n"
                for path in ["/v1/chat/completions", "/u/anna/s/plans/v1/chat/completions", "/v1/models"] {
                    let preflight = try await scene.gateway.send(
                        "OPTIONS", path, fields: "Origin: \(origin)\r\n" + asked)
                    try preflight.expectError(403, "origin_not_allowed")
                    for reply in [reply, preflight] {
                        let opened = reply.fields.filter { $0.name.lowercased().hasPrefix("access-control") }
                        #expect(opened.isEmpty, "\(origin)")
                    }
                }
            }
        }
    }

    @Test("A page of this machine is served, and reads the reply")
    func local() async throws {
        try await withVictim(.withoutKeys, .init()) { scene in
            for origin in Self.local {
                let fields = "Origin: \(origin)\r\n"
                let preflight = try await scene.gateway.send(
                    "OPTIONS", "/v1/chat/completions",
                    fields: fields + "Access-Control-Request-Method: POST\r\n")
                let reply = try await scene.withstand(Attack(fields: fields))
                #expect(preflight.status == 204 && reply.status == 200)
                for reply in [preflight, reply] {
                    #expect(reply.all("Access-Control-Allow-Origin") == [origin])
                }
            }
        }
    }

    @Test("A name that was pointed at this machine is 421, whatever the origin")
    func rebound() async throws {
        try await withVictim(.withoutKeys, .init()) { scene in
            let sent = scene.upstream.requests.count
            for host in Self.rebound {
                for origin in ["", "Origin: http://localhost\r\n", "Origin: http://\(host)\r\n"] {
                    let body = Attack().body
                    let reply = try await scene.gateway.send(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: \(host)\r\n\(Self.names)\(origin)"
                            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                    try reply.expectError(421, "host_not_allowed")
                }
            }
            #expect(scene.upstream.requests.count == sent)
        }
    }
}
