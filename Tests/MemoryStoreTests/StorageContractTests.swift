import GatewayTesting
import Testing

@Suite("Every engine keeps the storage contract")
struct StorageContractTests {
    @Test("it holds", arguments: StorageContract.all, StorageEngine.all)
    func holds(_ promise: StorageContract, over engine: StorageEngine) throws {
        try promise.hold(over: engine)
    }
}
