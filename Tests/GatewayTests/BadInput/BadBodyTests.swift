import GatewayTesting
import NIOCore
import Testing

@Suite("Bodies that are no chat request", .timeLimit(.minutes(15)))
struct BadBodyTests {
    private static let messages = #""messages":[{"role":"user","content":"hi"}]"#

    private static let notJSON = [
        BadRequest("nothing", body: ""), BadRequest("white space", body: " \n"),
        BadRequest("a brace", body: "{"), BadRequest("a cut body", body: #"{"messages":[{"role":"us"#),
        BadRequest("a comma too many", body: #"{\#(messages),}"#),
        BadRequest("text behind", body: #"{\#(messages)} x"#),
        BadRequest("two objects", body: #"{\#(messages)}{\#(messages)}"#),
        BadRequest("single quotes", body: "{'messages':[]}"), BadRequest("a bare word", body: "hello"),
        BadRequest("no number", body: #"{\#(messages),"n":NaN}"#),
        BadRequest("a leading zero", body: #"{\#(messages),"seed":01}"#),
        BadRequest("a raw line end in a text", body: "{\(messages),\"user\":\"a\nb\"}"),
        BadRequest("a raw zero byte", body: "{\(messages),\"user\":\"a\u{0}b\"}"),
        BadRequest("an unknown escape", body: #"{\#(messages),"user":"\x41"}"#),
        BadRequest("half an escape", body: #"{\#(messages),"user":"\u12"}"#),
        BadRequest(
            "no UTF-8", body: Array("{\(messages),\"user\":\"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)),
        BadRequest("UTF-16", body: [0xFF, 0xFE] + "{}".utf8.flatMap { [$0, 0] }),
        BadRequest("binary", body: (0..<200).map { UInt8($0) }),
    ]

    private static let wrongTypes =
        [
            BadRequest("a list", body: "[]"), BadRequest("a text", body: #""messages""#),
            BadRequest("null", body: "null"), BadRequest("a number", body: "7"),
        ]
        + [
            "{}", #""hi""#, "7", "true", "null", "[7]", "[null]", "[[]]", #"["hi"]"#, "[{}]",
            #"[{"role":7}]"#,
            #"[{"role":null,"content":"x"}]"#, #"[{"content":"x"}]"#,
            #"[{"role":"user","content":"x"},{"role":["user"]}]"#,
        ]
        .map { BadRequest("messages \($0)", body: #"{"messages":\#($0)}"#) }

    private static let nestings = [
        BadRequest("129 levels", body: nested(129)), BadRequest("a million levels", body: nested(1_000_000)),
        BadRequest("a million levels, never closed", body: String(repeating: "[", count: 1_000_000)),
        BadRequest(
            "levels inside of a message",
            body: #"{"messages":[{"role":"user","content":\#(String(repeating: "[{\"a\":", count: 100_000))"#),
    ]

    private static let duplicates =
        [
            ("messages", #"[{"role":"user","content":"two"}]"#), ("model", #""m""#), ("stream", "false"),
            ("n", "1"), ("user", #""u""#), ("tools", "[]"), ("memory", "{}"),
        ]
        .flatMap { name, value in
            let first = name == "messages" ? "" : #","\#(name)":\#(value)"#
            let escaped = name.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
            return [
                BadRequest("two \(name)", body: #"{\#(messages)\#(first),"\#(name)":\#(value)}"#),
                BadRequest("an escaped \(name)", body: #"{\#(messages)\#(first),"\#(escaped)":\#(value)}"#),
            ]
        }

    /// So many containers inside each other, the outermost one a request.
    private static func nested(_ levels: Int) -> String {
        #"{"x":"# + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1)
            + #",\#(messages)}"#
    }

    @Test("Broken JSON is refused", arguments: notJSON)
    func broken(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("Wrong types are refused", arguments: wrongTypes)
    func typed(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("Deep nesting is refused", arguments: nestings)
    func deep(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("128 levels are not too deep")
    func deepEnough() async throws {
        try await withGateway(.init(), .numbered) { gateway, upstream in
            let body = Self.nested(128)
            let reply = try await gateway.chat(body)
            #expect(reply.status == 200)
            #expect(upstream.requests.map(\.text) == [body])
        }
    }

    @Test("Members that may stand once are refused when they stand twice", arguments: duplicates)
    func duplicate(request: BadRequest) async throws { try await request.expectRefusal() }

    @Test("A client's connection goes on after a body that was refused")
    func goesOn() async throws {
        try await withGateway(.init(), .numbered) { gateway, _ in
            let client = try await gateway.connect()
            for body in ["{", "{\(Self.messages)}", "[]", "{\(Self.messages)}"] {
                try await client.send(TestGateway.request("POST", BadRequest.chat, body: body))
                #expect(try await client.next().status == (body.count > 2 ? 200 : 400))
            }
        }
    }
}
