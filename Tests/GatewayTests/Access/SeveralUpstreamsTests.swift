import GatewayTesting
import NIOCore
import Testing

@Suite("Several upstreams", .timeLimit(.minutes(3)))
struct SeveralUpstreamsTests {
    private static func body(_ model: String?) -> String {
        let member = model.map { #""model":"\#($0)","# } ?? ""
        return "{\(member)" + Turns.body().dropFirst()
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

    @Test("A chat goes to the first whose patterns match its model, anything else to the first of all")
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
                #expect(
                    try await gateway.send("POST", "/v1/embeddings", body: #"{"model":"gpt-4"}"#).status
                        == 200)
                let firstTargets = first.requests.map(\.target)
                let chat = "/v1/chat/completions"
                #expect(firstTargets == [chat, chat, chat, chat, "/v1/embeddings"])
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
