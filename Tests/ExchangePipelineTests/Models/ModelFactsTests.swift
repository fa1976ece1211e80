import ExchangePipeline
import MemoryCore
import Testing

/// What is learnt of models comes from what clients send: none of it may fill the gateway or stay wrong.
@Suite struct ModelFactsTests {
    private static func model(_ name: String, tenant: String = "local") -> ModelFacts.Model {
        .init(upstream: "main", name: name, tenant: tenant)
    }

    @Test func `What one tenant provokes is no other's trouble`() {
        let facts = ModelFacts()
        facts.takes(512, Self.model("m", tenant: "a"))
        facts.refused(.merge, by: Self.model("m", tenant: "a"))
        #expect(facts.window(of: Self.model("m", tenant: "b"), set: nil, hosted: nil) == nil)
        #expect(facts.placement(.merge, for: Self.model("m", tenant: "b")) == .merge)
        #expect(facts.placement(.merge, for: Self.model("m", tenant: "a")) == .user)
    }

    /// A server that read so much of a request of estimated 4000 tokens.
    private static func read(_ tokens: Int, _ facts: ModelFacts, _ model: ModelFacts.Model) {
        let usage = TokenUsage(prompt: tokens, completion: 1)
        facts.learn(usage, estimated: 4000, window: 4096, of: model)
    }

    @Test("of a name longer than any model's nothing is kept")
    func longName() {
        let facts = ModelFacts()
        for (count, learns) in [(256, true), (257, false), (1_000_000, false)] {
            let model = Self.model(String(repeating: "m", count: count))
            facts.takes(2048, model)
            #expect((facts.window(of: model, set: nil, hosted: nil) == 2048) == learns)
            facts.refused(.merge, by: model)
            #expect((facts.placement(.merge, for: model) != .merge) == learns)
        }
    }

    @Test("a text that only looks cut lowers the window until the model reads more than that")
    func recovers() {
        let (facts, model) = (ModelFacts(), Self.model("m"))
        Self.read(500, facts, model)
        #expect(facts.window(of: model, set: 8192, hosted: nil) == 500)
        Self.read(560, facts, model)
        #expect(facts.window(of: model, set: 8192, hosted: nil) == 500)
        Self.read(3000, facts, model)
        #expect(facts.window(of: model, set: 8192, hosted: nil) == 8192)
    }

    @Test("a window that the server holds to stays learnt")
    func stays() {
        let (facts, model) = (ModelFacts(), Self.model("m"))
        for tokens in [2046, 2048, 2047] { Self.read(tokens, facts, model) }
        #expect(facts.window(of: model, set: nil, hosted: nil) == 2046)
    }
}
