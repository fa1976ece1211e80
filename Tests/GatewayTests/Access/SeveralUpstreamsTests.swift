import GatewayTesting
import NIOCore
import Testing

@Suite("Several upstreams", .timeLimit(.minutes(15)))
struct SeveralUpstreamsTests {
    private static func body(_ model: String?) -> String {
        let member = model.map { #""model":"\#($0)","# } ?? ""
        return "{\(member)" + Turns.body(Turns.user("ask \(model ?? "any")")).dropFirst()
    }

    @Test("Where an upstream has a key, the client's own goes up in no field; where it has none, it does")
    func oneCredential() async throws {
        let client = "Authorization: Bearer mine\r\nx-api-key: mine\r\n"
        for (members, expected) in [
            (#""key":"$env:UP","keyHeader":"api-key""#, [nil, nil, "up"]),
            ("", ["Bearer mine", "mine", nil]),
            (#""key":"$env:UP""#, ["Bearer up", nil, nil]),
        ] as [(String, [String?])] {
            var recipe = GatewayRecipe(upstream: members)
            recipe.variables["UP"] = "up"
            try await withGateway(recipe, .numbered) { gateway, upstream in
                _ = try await gateway.chat(Turns.body(), fields: client)
                _ = try await gateway.send("GET", "/v1/models", fields: client)
                for request in upstream.requests {
                    let sent = [request["Authorization"], request["x-api-key"], request["api-key"]]
                    #expect(sent == expected)
                }
                #expect(upstream.requests.count == 2)
            }
        }
    }

    static let bodies: [(String, Bool)] = [
        (#"{"input":"x","model":"gpt-4"}"#, true), (#" {"model" : "gp\u0074-4","input":[1,2]}"#, true),
        (#"{"input":"\#(String(repeating: "x", count: 400_000))","model":"gpt-4"}"#, true),
        (#"{"input":"\#(String(repeating: "x", count: 1_200_000))","model":"gpt-4"}"#, false),
        (#"{"input":"x","model":"nomic"}"#, false), (#"{"input":{"model":"gpt-4"}}"#, false),
        (#"{"model":["gpt-4"]}"#, false), (#"{"input":"#, false), ("[]", false), ("", false),
        (#"["model","gpt-4"]"#, false), ("\u{0}{", false),
    ]

    @Test(
        "A JSON body on any other path goes where its model is served, whole and however it comes",
        arguments: bodies)
    func otherPaths(body: String, isSecond: Bool) async throws {
        try await withUpstream(.always(ModelReply.whole("{}"))) { second in
            var recipe = GatewayRecipe()
            recipe.furtherUpstreams =
                #",{"name":"second","url":"http://127.0.0.1:\#(second.port)/v2","models":["gpt-*"]}"#
            recipe.upstream = #""models":["nomic"]"#
            try await withGateway(recipe, .always(ModelReply.whole("{}"))) { gateway, first in
                let whole = TestGateway.request("POST", "/v1/embeddings", body: body)
                let head =
                    "POST /v1/embeddings HTTP/1.1\r\nHost: h\r\nContent-Type: application/json; a=b\r\n"
                let middle = body.index(body.startIndex, offsetBy: body.count / 2)
                let chunks = [String(body[..<middle]), String(body[middle...])].filter { !$0.isEmpty }
                let chunked =
                    head + "Transfer-Encoding: chunked\r\n\r\n"
                    + chunks.map(ModelReply.chunk).joined() + ModelReply.lastChunk
                let client = try await gateway.connect()
                for bytes in [whole, chunked] {
                    try await client.send(bytes)
                    #expect(try await client.next().status == 200)
                }
                if body.utf8.count < 100 {
                    try await client.sendByteByByte(whole)
                    let reply = try await client.next()
                    #expect(reply.status == 200)
                }
                let (served, other) = isSecond ? (second, first) : (first, second)
                #expect(other.requests.isEmpty)
                #expect(served.requests.allSatisfy { $0.text == body && $0.target.hasSuffix("/embeddings") })
                #expect(served.requests.count == (body.utf8.count < 100 ? 3 : 2))
            }
        }
    }

    @Test("A body that waits to be asked for, and a client that leaves before the model is known")
    func waiting() async throws {
        try await withUpstream(.always(ModelReply.whole("{}"))) { second in
            var recipe = GatewayRecipe()
            recipe.furtherUpstreams =
                #",{"name":"second","url":"http://127.0.0.1:\#(second.port)/v1","models":["gpt-*"]}"#
            recipe.upstream = #""models":["nomic"]"#
            try await withGateway(recipe, .always(ModelReply.whole("{}"))) { gateway, first in
                let body = #"{"input":"x","model":"gpt-4"}"#
                let head =
                    "POST /v1/embeddings HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n"
                let leaving = try await gateway.connect()
                try await leaving.send(head + "\r\n" + body.prefix(10))
                await leaving.close()
                let client = try await gateway.connect()
                try await client.send(head + "Expect: 100-continue\r\n\r\n")
                #expect(try await client.next().status == 100)
                try await client.send(body)
                #expect(try await client.next().status == 200)
                #expect(first.accepted == 0 && second.requests.count == 1)
            }
        }
    }

    @Test("A chat goes to the first whose patterns match its model, what names none to the first of all")
    func byModel() async throws {
        try await withUpstream(.numbered) { second in
            var recipe = GatewayRecipe(upstream: #""models":["llama-*"],"key":"$env:FIRST""#)
            recipe.variables = ["FIRST": "one", "SECOND": "two"]
            recipe.furtherUpstreams =
                #",{"name":"second","url":"http://127.0.0.1:\#(second.port)/openai/v1","#
                + #""models":["gpt-*","*-mini"],"key":"$env:SECOND","keyHeader":"api-key"}"#
                + #",{"name":"third","url":"http://127.0.0.1:1/v1","models":["gpt-4"]}"#
            try await withGateway(recipe, .numbered) { gateway, first in
                let models: [String?] = ["llama-3", "gpt-4", "o3-mini", "mistral", nil, ""]
                for model in models {
                    let reply = try await gateway.chat(Self.body(model), fields: Turns.session)
                    #expect(reply.status == 200)
                }
                for method in ["GET", "DELETE"] {
                    let reply = try await gateway.send(method, "/v1/models")
                    #expect(reply.status == 200)
                }
                let firstTargets = first.requests.map(\.target)
                let chat = "/v1/chat/completions"
                #expect(firstTargets == [chat, chat, chat, chat, "/v1/models", "/v1/models"])
                #expect(second.requests.map(\.target) == ["/openai" + chat, "/openai" + chat])
                #expect(
                    first.requests.allSatisfy { $0["Authorization"] == "Bearer one" && $0["api-key"] == nil })
                #expect(second.requests.allSatisfy { $0["api-key"] == "two" })
                // One conversation, whoever answers.
                #expect(try gateway.messages("s").count == 12)
            }
        }
    }
}
