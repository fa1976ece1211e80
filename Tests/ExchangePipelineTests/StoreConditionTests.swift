import ExchangePipeline
import Testing

@Suite("What the store said last")
struct StoreConditionTests {
    @Test func `A failure makes the store unready until a commit succeeds, or until it was long ago`() {
        let condition = StoreCondition()
        #expect(condition.recentFailure() == nil)
        condition.note(.storeFull)
        #expect(condition.recentFailure() == .storeFull)
        #expect(condition.recentFailure(at: .now + .seconds(20)) == .storeFull)
        #expect(condition.recentFailure(at: .now + .seconds(31)) == nil)
        condition.note(.storeError)
        condition.note(nil)
        #expect(condition.recentFailure() == nil)
    }
}
