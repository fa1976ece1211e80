import ChatWire
import GatewayTesting
import MemoryCore
import NIOCore
import Testing

@Suite("What replies of memory routes say of memory", .timeLimit(.minutes(15)))
struct ChatHeaderTests {
    static let question = #"{"messages":[{"role":"user","content":"hi"}]}"#

    @Test("A first request of a named session, plain and streamed", arguments: [true, false])
    func first(isStream: Bool) async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let reply = try await gateway.chat(
                #"{"stream":\#(isStream),"messages":[{"role":"user","content":"hi"}]}"#,
                fields: "X-Session-Id: s1\r\n")
            #expect(reply["X-Session-Id"] == "s1")
            #expect(reply["X-Memory-Session"] == "explicit")
            #expect(reply["X-Memory-Status"] == "ok")
            #expect(reply["X-Memory-Injected"] == "standing=0, window=0, recall=0, tokens=0")
            #expect(reply["X-Memory-Exchange"]?.isEmpty == false)
        }
    }

    @Test("A session that nobody named is new, 32 hex digits, and works when it is named")
    func newSession() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(Self.question)
            let id = try #require(reply["X-Session-Id"])
            #expect(reply["X-Memory-Session"] == "new")
            #expect(id.count == 32 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            let second = try await gateway.chat(
                Turns.body(Turns.later), fields: "X-Session-Id: \(id)\r\n")
            #expect(second["X-Memory-Injected"]?.hasPrefix("standing=0, window=1, recall=0, tokens=") == true)
            #expect(upstream.requests.last?.text.contains("a0") == true)
        }
    }

    @Test("Mode off says off, names the session if one was given, and records nothing")
    func off() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let reply = try await gateway.chat(
                Self.question, fields: "X-Memory-Mode: off\r\nX-Session-Id: s\r\n")
            #expect(reply["X-Memory-Status"] == "off")
            #expect(reply["X-Memory-Injected"] == "standing=0, window=0, recall=0, tokens=0")
            #expect(reply["X-Memory-Exchange"] != nil)
            #expect(reply["X-Session-Id"] == "s")
            #expect(try gateway.transcript("s").isEmpty)
        }
    }

    @Test("A side request is skipped, not recorded, not injected")
    func sideRequest() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            _ = try await gateway.chat(Self.question, fields: "X-Session-Id: s\r\n")
            for (body, fields) in [
                (Self.question, "X-Memory-Task: title\r\n"),
                (#"{"memory":{"task":"tags"},"messages":[{"role":"user","content":"hi"}]}"#, ""),
            ] {
                let reply = try await gateway.chat(body, fields: "X-Session-Id: s\r\n" + fields)
                #expect(reply["X-Memory-Status"] == "skipped; reason=side-request")
                #expect(reply["X-Memory-Injected"] == "standing=0, window=0, recall=0, tokens=0")
                #expect(reply["X-Session-Id"] == "s")
                #expect(upstream.requests.last?.text == Self.question)
            }
            #expect(try gateway.messages("s").count == 2)
        }
    }

    @Test("A body without messages passes, skipped")
    func bodyWithoutMessages() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let reply = try await gateway.chat(#"{"model": "m"}"#, fields: "X-Session-Id: s\r\n")
            #expect(reply.status == 200)
            #expect(reply["X-Memory-Status"] == "skipped; reason=body")
            #expect(upstream.requests.last?.text == #"{"model": "m"}"#)
            #expect(try gateway.transcript("s").isEmpty)
        }
    }

    @Test(
        "Our own errors say skipped; reason=error",
        arguments: [
            ("/v1/chat/completions", "", "{", 400),
            ("/v1/chat/completions", "X-Memory-Mode: loud\r\n", "{}", 400),
            ("/v1/chat/completions", "X-Session-Id: a b\r\n", "{}", 400),
            ("/u//v1/chat/completions", "", "{}", 400),
            ("/v1/chat/completions", "Content-Encoding: br\r\n", "{}", 415),
            ("/v1/chat/completions", "Origin: https://evil.example\r\n", "{}", 403),
            ("/v1/chat/completions", "Upgrade: h2c\r\nConnection: upgrade\r\n", "{}", 426),
        ])
    func errors(path: String, fields: String, body: String, status: Int) async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let reply = try await gateway.chat(body, path: path, fields: fields)
            #expect(reply.status == status)
            #expect(reply["X-Memory-Status"] == "skipped; reason=error")
            #expect(reply["X-Memory-Exchange"] == nil)
            #expect(reply["X-Memory-Injected"] == nil)
        }
    }

    @Test(
        "The upstream's own errors pass unchanged, memory is ok",
        arguments: [
            "400 Bad Request", "401 Unauthorized", "429 Too Many Requests", "500 Internal Server Error",
            "503 Service Unavailable",
        ])
    func upstreamErrors(status: String) async throws {
        let error = #"{"error":{"message":"no","type":"x","param":null,"code":"y"}}"#
        let script = ScriptedUpstream.Script.always(
            ModelReply.whole(error, status: status, fields: "Retry-After: 7\r\nx-request-id: r\r\n"))
        try await withGateway(.init(), script) { gateway, _ in
            let reply = try await gateway.chat(Self.question, fields: "X-Session-Id: s\r\n")
            #expect(reply.startLine == "HTTP/1.1 \(status)")
            #expect(reply.text == error)
            #expect(reply["Retry-After"] == "7")
            #expect(reply["X-Memory-Status"] == "ok")
            try await gateway.storage.settled(1)
            #expect(try gateway.transcript("s") == [#"- failed {"role":"user","content":"hi"}"#])
        }
    }

    @Test("Memory fields of an upstream do not reach the client beside ours")
    func foreignMemoryFields() async throws {
        let script = ScriptedUpstream.Script.always(
            ModelReply.whole(
                ModelReply.completion("a"), fields: "X-Memory-Status: forged\r\nX-Session-Id: other\r\n"))
        try await withGateway(.init(), script) { gateway, _ in
            let reply = try await gateway.chat(Self.question, fields: "X-Session-Id: s\r\n")
            #expect(reply.all("X-Memory-Status") == ["ok"])
            #expect(reply.all("X-Session-Id") == ["s"])
        }
    }
}
