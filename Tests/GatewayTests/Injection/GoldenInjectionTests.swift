import GatewayTesting
import MemoryCore
import Testing

@Suite("What goes up, byte for byte", .timeLimit(.minutes(15)))
struct GoldenInjectionTests {
    @Test func `The files of cases are there, each title once`() {
        #expect(GoldenCase.all.count >= 80)
        #expect(Set(GoldenCase.all.map(\.title)).count == GoldenCase.all.count)
        #expect(GoldenCase.all.allSatisfy { !$0.steps.isEmpty })
    }

    @Test(arguments: GoldenCase.all)
    func `A request goes up as its case has it, and the reply says what was added`(
        golden: GoldenCase
    ) async throws {
        try await withGateway(golden.recipe, .withoutUsage) { gateway, upstream in
            var seeded = 0
            for (number, step) in golden.steps.enumerated() {
                for session in step.store.flatMap({ Array(repeating: $0, count: $0.times) }) {
                    seeded += 1
                    try session.apply(
                        to: gateway.storage, seeded, at: golden.moment(seeded, before: gateway.wall.now))
                }
                let reply = try await gateway.chat(step.request, fields: golden.fields + step.fields)
                try #require(reply.status == 200, "\(golden.testDescription): \(reply.text)")
                #expect(upstream.requests[number].text == step.upstream)
                let said = [reply["X-Memory-Injected"] ?? "", reply["X-Memory-Status"] ?? ""]
                #expect(said.joined(separator: " | ") == step.said)
            }
        }
    }
}

extension GoldenCase {
    /// The gateway of the case. Plugins have all the time they want, so that a busy machine changes nothing.
    fileprivate var recipe: GatewayRecipe {
        var recipe = GatewayRecipe(
            gateway: settings["gateway"] ?? "", policy: settings["policy"] ?? "",
            // A window that is set is not asked for.
            upstream: settings["upstream"] ?? #""contextTokens":{"*":4096}"#)
        recipe.policies = settings["policies"].map { "," + $0 } ?? ""
        let links = chain.map { name in
            #"{"use":"\#(name)","timeout":"60s","settings":{\#(plugins[name] ?? "")}}"#
        }
        recipe.chain = "[\(links.joined(separator: ","))]"
        return recipe
    }

    /// When the store heard of something: a moment ago, or long ago.
    fileprivate func moment(_ number: Int, before now: Timestamp) -> Timestamp {
        let ago = Int64((isCold ? 3600 : 200) - number) * 1_000_000
        return Timestamp(microseconds: now.microseconds - ago)
    }
}

extension ScriptedUpstream.Script {
    /// Answers the request with number n with the text `a<n>` and says nothing of tokens.
    fileprivate static let withoutUsage = Self.requests { _, number, connection in
        let message = #"{"role":"assistant","content":"a\#(number)"}"#
        try await connection.send(
            ModelReply.whole(
                #"{"model":"m","choices":[{"index":0,"message":\#(message),"finish_reason":"stop"}]}"#))
    }
}
