import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("How sessions and users are named", .timeLimit(.minutes(15)))
struct IdentifierTests {
    private static func body(_ memory: String = "") -> String {
        #"{\#(memory)"messages":[{"role":"user","content":"hi"}]}"#
    }

    @Test("The URL wins over the header, the header over the body")
    func precedence() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let memory = #""memory":{"session":"body","user":"ub"},"#
            let all = try await gateway.chat(
                Self.body(memory), path: "/u/uu/s/url/v1/chat/completions",
                fields: "X-Session-Id: header\r\nX-User-Id: uh\r\n")
            #expect(all["X-Session-Id"] == "url")
            #expect(try gateway.messages("url", user: "uu").count == 2)
            let header = try await gateway.chat(
                Self.body(memory), fields: "X-Session-Id: header\r\nX-User-Id: uh\r\n")
            #expect(header["X-Session-Id"] == "header")
            #expect(try gateway.messages("header", user: "uh").count == 2)
            let inBody = try await gateway.chat(Self.body(memory))
            #expect(inBody["X-Session-Id"] == "body")
            #expect(try gateway.messages("body", user: "ub").count == 2)
        }
    }

    @Test("The aliases name the same session and user")
    func aliases() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            _ = try await gateway.chat(
                Self.body(), fields: "X-Memory-Session-Id: s\r\nX-Memory-User-Id: u\r\n")
            _ = try await gateway.chat(
                Turns.body(Turns.later), fields: "X-Session-Id: s\r\nX-User-Id: u\r\n")
            #expect(try gateway.messages("s", user: "u").count == 4)
        }
    }

    @Test("Percent-encoded ids are decoded, and echoed so that they read back the same")
    func percentEncoding() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let encoded = "%E4%BD%A0%E5%A5%BD%20x"
            let header = try await gateway.chat(Self.body(), fields: "X-Session-Id: \(encoded)\r\n")
            #expect(header["X-Session-Id"] == encoded)
            let url = try await gateway.chat(
                Turns.body(Turns.later), path: "/s/\(encoded)/v1/chat/completions")
            #expect(url["X-Session-Id"] == encoded)
            let inBody = try await gateway.chat(Self.body(#""memory":{"session":"你好 x"},"#))
            #expect(inBody["X-Session-Id"] == encoded)
            #expect(try gateway.messages("你好 x").count == 6)
        }
    }

    @Test("A slash inside of an id is written %2F and stays part of it")
    func slash() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(Self.body(), path: "/u/a%2Fb/s/c%2fd/v1/chat/completions")
            #expect(reply["X-Session-Id"] == "c/d")
            #expect(try gateway.messages("c/d", user: "a/b").count == 2)
            #expect(upstream.requests.first?.target == "/v1/chat/completions")
        }
    }

    @Test("256 bytes are an id, 257 are not", arguments: ["header", "url", "body"])
    func length(place: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            for (count, status) in [(256, 200), (257, 400)] {
                let id = String(repeating: "x", count: count)
                let reply =
                    switch place {
                    case "header": try await gateway.chat(Self.body(), fields: "X-Session-Id: \(id)\r\n")
                    case "url": try await gateway.chat(Self.body(), path: "/s/\(id)/v1/chat/completions")
                    default: try await gateway.chat(Self.body(#""memory":{"session":"\#(id)"},"#))
                    }
                #expect(reply.status == status)
                if status == 400 { #expect(reply.text.contains(#""code":"invalid_session_id""#)) }
            }
            #expect(upstream.requests.count == 1)
        }
    }

    @Test(
        "Ids that are none are refused, and nothing goes up",
        arguments: [
            ("X-Session-Id: \r\n", "", "invalid_session_id"),
            ("X-Session-Id: a b\r\n", "", "invalid_session_id"),
            ("X-Session-Id: caf\u{e9}\r\n", "", "invalid_session_id"),
            ("X-User-Id: \r\n", "", "invalid_user_id"),
            ("X-Session-Id: %00\r\n", "", "invalid_session_id"),
            ("X-User-Id: a%0Ab\r\n", "", "invalid_user_id"),
            ("", #""memory":{"session":""},"#, "invalid_session_id"),
            ("", #""memory":{"user":"a\u0000b"},"#, "invalid_user_id"),
            ("", #""memory":{"session":7},"#, "invalid_request"), ("", #""memory":[],"#, "invalid_request"),
            ("", #""memory":{"mode":"loud"},"#, "invalid_mode"), ("X-Memory-Mode: \r\n", "", "invalid_mode"),
            ("X-Memory-Policy: bot\r\n", "", "invalid_policy"),
            ("", #""memory":{"policy":"bot"},"#, "invalid_policy"),
        ])
    func refused(fields: String, memory: String, code: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(Self.body(memory), fields: fields)
            #expect(reply.status == 400)
            #expect(reply.text.contains(#""code":"\#(code)""#))
            #expect(upstream.requests.isEmpty)
        }
    }

    @Test(
        "Segments that are empty or no UTF-8 are refused",
        arguments: [
            "/u//v1/chat/completions", "/s/%FF/v1/chat/completions", "/s/%0a/v1/chat/completions",
            "/s/%zz/v1/chat/completions", "/p/bot/v1/chat/completions",
        ])
    func refusedSegments(path: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let answer = try await gateway.chat(Self.body(), path: path)
            #expect(answer.status == 400)
            #expect(upstream.requests.isEmpty)
        }
    }
}
