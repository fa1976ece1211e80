internal import Glibc
internal import Testing

/// `kill -9` at every write and sync of the store's file, one after another.
@Suite(.timeLimit(.minutes(15)))
struct KillAtWriteTests {
    /// As many of the file's calls as the first rounds of a new store take, and some more.
    private static let calls = 60

    @Test(
        "a kill at any write or sync of the file, whole or torn, leaves whole rounds",
        arguments: [false, true])
    func killAtCall(isTorn: Bool) async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        var setup = GatewayProcess.Setup(workspace, upstream: model.url)
        setup.environment["LD_PRELOAD"] = try await SyncWitness.library()
        if isTorn { setup.environment["SYNC_WITNESS_TORN"] = "1" }
        var ledger = RoundLedger()
        var started = 0
        for call in 1...Self.calls {
            setup.environment["SYNC_WITNESS_KILL"] = "\(call)"
            do {
                let gateway = try await GatewayProcess(setup)
                started += 1
                try await askUntilGone(gateway, "\(call)", &ledger)
                #expect(await gateway.child.end().ending == .killed(SIGKILL), "call \(call)")
            } catch let failure as GatewayProcess.Failure {
                #expect(failure.description.contains("killed(\(SIGKILL))"), "call \(call): \(failure)")
            }
            let faults = try ledger.faults(ofStoreAt: setup.store)
            #expect(faults.isEmpty, "call \(call)")
            guard faults.isEmpty else { break }
        }
        #expect(started >= Self.calls / 2)
        #expect(ledger.acknowledgedCount >= Self.calls)
        await model.stop()
    }

    private func askUntilGone(
        _ gateway: GatewayProcess, _ life: String, _ ledger: inout RoundLedger
    ) async throws {
        // Work behind the chats writes too: it may be gone already.
        guard let client = try? await ChatClient.connect(to: gateway.port) else { return }
        for number in 0..<Self.calls {
            let call = ChatCall(
                session: number % 3 == 0 ? "other" : "main", marker: "w\(life)-\(number)",
                isStream: number % 2 == 0, padding: number % 5 == 0 ? 30_000 : 0)
            ledger.asked(call)
            let reply = await client.ask(call)
            ledger.answered(reply)
            guard reply.isAcknowledged else { break }
        }
        await client.close()
    }
}
