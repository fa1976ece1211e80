internal import Testing

/// A store that has reached `store.maxBytes`.
@Suite(.timeLimit(.minutes(15)))
struct FullStoreTests {
    private static let smallest = #""store": {"maxBytes": "16MiB"}"#

    @Test("beyond store.maxBytes chats go on without being recorded, and a larger bound records again")
    func fullStore() async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        var setup = GatewayProcess.Setup(workspace, upstream: model.url)
        setup.settings = [Self.smallest]
        var asker = Asker()

        let gateway = try await GatewayProcess(setup)
        try await asker.fill(gateway)
        try await asker.askUnrecorded(gateway, "full")
        #expect(workspace.text(of: "log").contains("store.maxBytes is 16777216 bytes"))
        #expect(await gateway.stopped() == .exited(0))
        #expect(try asker.ledger.faults(ofStoreAt: setup.store).isEmpty)

        let again = try await GatewayProcess(setup)
        try await asker.askUnrecorded(again, "still")
        await again.killed()
        #expect(try asker.ledger.faults(ofStoreAt: setup.store).isEmpty)

        setup.settings = [#""store": {"maxBytes": "32MiB"}"#]
        let larger = try await GatewayProcess(setup)
        try await asker.askRecorded(larger, "larger")
        #expect(await larger.stopped() == .exited(0))
        #expect(try asker.ledger.faults(ofStoreAt: setup.store).isEmpty)
        await model.stop()
    }
}
