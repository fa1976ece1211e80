import GatewayTesting
import MemoryStore
import NIOCore
import Testing

@Suite("Which session a request names", .timeLimit(.minutes(15)))
struct SessionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var base = "/v1"
        var fields = ""
        var members = ""
        var session: String?
        var found: String
        var testDescription: String { "\(base) \(fields) \(members) → \(session ?? "-")" }
    }

    private static let all =
        #""session_id":"top","metadata":{"thread_id":"mt","session_id":"ms","chat_id":"mc"},"#
    private static let chat = "X-OpenWebUI-Chat-Id: owui\r\n"

    static let cases =
        [
            Case(base: "/s/url/v1", fields: chat, members: all, session: "url", found: "explicit"),
            Case(fields: "X-Session-Id: own\r\n" + chat, members: all, session: "own", found: "explicit"),
            Case(
                fields: chat, members: #""memory":{"session":"member"},"# + all, session: "member",
                found: "explicit"),
            Case(fields: chat, members: all, session: "owui", found: "header"),
            Case(members: all, session: "ms", found: "body"),
            Case(members: #""thread_id":"t","conversation_id":"c","#, session: "c", found: "body"),
            Case(members: #""chat_id":"c","metadata":{"thread_id":"t"},"#, session: "t", found: "body"),
            // What is no name is passed over.
            Case(fields: "X-Conversation-Id: \r\n", members: all, session: "ms", found: "body"),
            Case(fields: "X-Conversation-Id: a b\r\n", found: "new"),
            Case(members: #""session_id":7,"chat_id":"","metadata":{"thread_id":"a\nb"},"#, found: "new"),
            Case(members: #""metadata":"session_id","#, found: "new"),
            // Ids of requests, traces and retries name no conversation.
            Case(
                fields: "X-Request-Id: r-12345678\r\nTraceparent: 00-1-1-01\r\nX-LiteLLM-Trace-Id: t-1\r\n"
                    + "X-Interaction-Id: i-1\r\n", found: "new"),
            Case(
                fields: "User-Agent: HomeAssistant/2026.11\r\n", members: #""user":"01JCONV","#,
                session: "01JCONV", found: "body"),
            Case(members: #""user":"anna","#, found: "new"),
        ]
        + [
            "X-Claude-Code-Session-Id", "X-OpenCode-Session", "x-session-affinity", "X-Client-Session-Id",
            "X-Amp-Thread-Id", "X-Task-ID", "X-KILOCODE-TASKID", "x-litellm-session-id",
            "Helicone-Session-Id",
            "X-Conversation-Id", "X-Thread-Id",
        ].map { Case(fields: "\($0): c-%C3%A4\r\n", session: "c-ä", found: "header") }

    @Test(
        "Ours win over what clients send by themselves, their fields over the body, each in its order",
        arguments: cases)
    func order(_ given: Case) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let body = "{\(given.members)" + Turns.body().dropFirst()
            let reply = try await gateway.chat(
                body, path: given.base + "/chat/completions", fields: given.fields)
            #expect(reply.status == 200)
            #expect(reply["X-Memory-Session"] == given.found)
            let sent = try #require(upstream.requests.first).text
            let forwarded = given.members.replacing(#""memory":{"session":"member"},"#, with: "")
            #expect(sent == "{\(forwarded)" + Turns.body().dropFirst())
            guard let session = given.session else {
                return #expect(reply["X-Session-Id"]?.count == 32)
            }
            let user = given.members.contains("anna") ? "anna" : "default"
            #expect(try gateway.messages(session, user: user).count == 2)
        }
    }

    @Test("A client that sends only its newest message is given the rounds of its conversation")
    func newestOnly() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            for body in [Turns.body(), Turns.body(Turns.later)] {
                let named = #"{"metadata":{"session_id":"c"},"# + body.dropFirst()
                let reply = try await gateway.chat(named)
                #expect(reply.status == 200)
            }
            let messages = [Turns.question, Turns.assistant("a0"), Turns.later].joined(separator: ",")
            #expect(upstream.requests.last?.text.hasSuffix(#""messages":[\#(messages)]}"#) == true)
        }
    }

    @Test("A client that resends its conversation is given nothing twice, also where it begins again")
    func resent() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let history = [Turns.question, Turns.assistant("a0"), Turns.later].joined(separator: ",")
            let bodies = [Turns.body(), Turns.body(history), Turns.body(Turns.later)]
            for body in bodies {
                let reply = try await gateway.chat(body, fields: Self.chat)
                #expect(reply["X-Memory-Injected"]?.contains("window=0") == true)
            }
            #expect(upstream.requests.map(\.text) == bodies)
            #expect(try gateway.messages("owui").count == 6)
        }
    }

    @Test(
        "Titles and the like go through untouched and are not remembered, in the chat whose id they carry",
        arguments: [
            ("", #"### Task:\nTitle.\n{ \"title\": \"a\" }\n<chat_history>\nUSER: hi\n</chat_history>"#),
            ("X-OpenAI-Subagent: compact\r\n", "Summarise."), ("X-Memory-Task: title\r\n", "Title, please."),
        ])
    func side(fields: String, text: String) async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let first = try await gateway.chat(Turns.body(), fields: Self.chat)
            #expect(first["X-Memory-Status"] == "ok")
            let body = Turns.body(#"{"role":"user","content":"\#(text)"}"#)
            let side = try await gateway.chat(body, fields: Self.chat + fields)
            #expect(side["X-Memory-Status"] == "skipped; reason=side-request")
            #expect(side["X-Session-Id"] == "owui")
            #expect(upstream.requests.last?.text == body)
            #expect(try gateway.messages("owui").count == 2)
        }
    }
}
