import MemoryCore
import Testing

@Suite("How many tokens may be added")
struct ContextBudgetTests {
    private func tokens(window: Int = 4096, client: Int = 0, reply: Int? = nil, setting: Int? = nil) -> Int {
        ContextBudget(window: window, client: client, reply: reply, setting: setting).tokens
    }

    @Test("Three quarters of the window, less the client's tokens and the reply's, a setting bounds it")
    func formula() {
        #expect(tokens() == 3072 - 1024)
        #expect(tokens(client: 100, reply: 500) == 3072 - 600)
        #expect(tokens(setting: 700) == 700)
        #expect(tokens(reply: 2800, setting: 700) == 272)
        #expect(ContextBudget(window: 4096, client: 100, reply: 500, setting: nil, scale: 2).tokens == 2372)
    }

    @Test("A reply that may take as much as it likes says nothing of its length", arguments: [0, -1, -4096])
    func unbounded(reply: Int) {
        #expect(tokens(reply: reply) == tokens())
    }

    @Test(
        "No length that a client can ask for is more than none left",
        arguments: [Int.max, Int.min, Int.max - 1])
    func extreme(reply: Int) {
        let budget = ContextBudget(window: 4096, client: 20_000, reply: reply, setting: nil)
        #expect(!budget.isEnough)
        #expect(budget.estimated == 0)
    }
}
