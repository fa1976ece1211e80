internal import ChatWire
internal import LMDBMemoryStore
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import Testing

/// `kill -9` while replies are under way.
@Suite(.timeLimit(.minutes(15)))
struct KillMidReplyTests {
    private static let held = [
        ChatCall(session: "main", marker: "held-stream", isStream: true),
        ChatCall(session: "main", marker: "held-plain", isStream: false),
        ChatCall(session: "fresh", marker: "held-first", isStream: true),
        ChatCall(session: "fresh", marker: "held-long", isStream: true, padding: 200_000),
    ]

    @Test("a kill in mid-reply keeps the questions, interrupted, and later requests replay whole rounds only")
    func questionsAreKept() async throws {
        let workspace = try Workspace()
        let model = try await HeldModel.start(holding: Self.held.map(\.marker))
        let setup = GatewayProcess.Setup(workspace, upstream: model.url)
        var ledger = RoundLedger()
        let before = ChatCall(session: "main", marker: "before", isStream: true)
        try await killInMidReply(setup, model, before, &ledger)

        let gateway = try await GatewayProcess(setup)
        let after = ["main", "fresh"].map { ChatCall(session: $0, marker: "after-\($0)", isStream: false) }
        for call in after {
            ledger.asked(call)
            let reply = try await ChatClient.ask(call, at: gateway.port)
            #expect(reply.isAcknowledged, "\(reply)")
            ledger.answered(reply)
        }
        let replayed = try #require(model.model.requests["after-main"]).body
        #expect(replayed.contains("[[before]]") && replayed.contains(Replies.text("before")))
        for call in after {
            let body = try #require(model.model.requests[call.marker]).body
            #expect(!body.contains("held"), "an interrupted question is no round: \(body)")
        }
        try await checkEnd(gateway, saying: "4 questions without a reply")
        try check(setup, &ledger)

        let again = try await GatewayProcess(setup)
        try await checkEnd(again, saying: nil)
        try check(setup, &ledger)
        await model.model.stop()
    }

    /// One round as usual, then kills while the other replies are under way.
    private func killInMidReply(
        _ setup: GatewayProcess.Setup, _ model: HeldModel, _ before: ChatCall, _ ledger: inout RoundLedger
    ) async throws {
        let gateway = try await GatewayProcess(setup)
        let first = try await ChatClient.ask(before, at: gateway.port)
        #expect(first.isAcknowledged)
        ledger.asked(before)
        ledger.answered(first)
        Self.held.forEach { ledger.asked($0) }
        let torsos = await withTaskGroup(of: ChatReply?.self) { group in
            for call in Self.held {
                group.addTask { try? await ChatClient.ask(call, at: gateway.port) }
            }
            await model.reached()
            // The journal of a question goes with the next commit: this round's, at the latest.
            let beside = ChatCall(session: "beside", marker: "beside", isStream: false)
            ledger.asked(beside)
            if let reply = try? await ChatClient.ask(beside, at: gateway.port) {
                #expect(reply.isAcknowledged)
                ledger.answered(reply)
            }
            await gateway.killed()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(torsos.allSatisfy { $0?.isAnswered == false }, "\(torsos)")
        #expect(ledger.acknowledgedCount == 2)
    }

    /// Ends a gateway and looks for what it said of its recovery.
    private func checkEnd(_ gateway: GatewayProcess, saying words: String?) async throws {
        #expect(await gateway.stopped() == .exited(0))
        let output = await gateway.child.end().output
        #expect(output.contains("recovered") == (words != nil), "\(output)")
        if let words { #expect(output.contains(words), "\(output)") }
    }

    /// Compares the store with what is known, and looks at the questions whose replies were cut.
    private func check(_ setup: GatewayProcess.Setup, _ ledger: inout RoundLedger) throws {
        #expect(try ledger.faults(ofStoreAt: setup.store).isEmpty)
        let storage = try LMDBStorage.open(at: setup.store, LMDBOptions(maximumBytes: 1 << 30))
        defer { storage.close() }
        for call in Self.held {
            let key = SessionKey(tenant: "local", user: "default", name: call.session)
            let kept = try storage.messages(of: key).filter {
                String(buffer: $0.message.body).contains("[[\(call.marker)]]")
            }
            #expect(kept.map(\.message.status) == [.interrupted], "\(call.marker)")
            #expect(kept.allSatisfy { $0.round == nil && $0.message.role == .user })
            #expect(kept.allSatisfy { $0.message.body.readableBytes > call.padding })
        }
    }
}
