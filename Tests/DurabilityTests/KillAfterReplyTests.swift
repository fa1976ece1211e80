internal import Testing

/// `kill -9` in the moment in which the client has its reply.
@Suite(.timeLimit(.minutes(5)))
struct KillAfterReplyTests {
    /// One life of a gateway, planned from a seed.
    private struct Life {
        /// Asked one after another.
        var calls: [ChatCall] = []
        /// Asked at the same time as the last of them.
        var beside: [ChatCall] = []

        init(_ number: Int, random: inout SeededRandom) {
            let count = Int.random(in: 1...3, using: &random)
            for call in 0..<count { calls.append(Self.call("k\(number)-\(call)", random: &random)) }
            guard random.percent(50) else { return }
            for call in 0..<Int.random(in: 1...3, using: &random) {
                beside.append(Self.call("b\(number)-\(call)", random: &random))
            }
        }

        /// Whether a long round, told or not, may leave no room for others in the window.
        var mayFillWindow: Bool { (calls + beside).contains { $0.session == "main" && $0.padding > 0 } }

        private static func call(_ marker: String, random: inout SeededRandom) -> ChatCall {
            ChatCall(
                session: random.percent(60) ? "main" : "other", marker: marker, isStream: random.percent(50),
                padding: random.percent(10) ? 20_000 : 0)
        }
    }

    @Test("two hundred kills right after a reply lose, double and halve no round")
    func twoHundredKills() async throws {
        let workspace = try Workspace()
        let model = try await ScriptedModel.start()
        let setup = GatewayProcess.Setup(workspace, upstream: model.url)
        var random = SeededRandom(seed: 7)
        var ledger = RoundLedger()
        var newest: String?
        for number in 1...200 {
            let life = Life(number, random: &random)
            let gateway = try await GatewayProcess(setup)
            let replies = try await live(life, gateway)
            for call in life.calls + life.beside { ledger.asked(call) }
            for reply in replies { ledger.answered(reply) }
            let faults = try ledger.faults(ofStoreAt: setup.store)
            #expect(faults.isEmpty, "life \(number)")
            guard faults.isEmpty else { return }
            if number % 20 == 0, let newest { try checkReplay(model, life, of: newest) }
            newest =
                life.mayFillWindow
                ? nil
                : replies.last { $0.isAcknowledged && $0.call.session == "main" }?.call.marker ?? newest
        }
        await model.stop()
        #expect(ledger.acknowledgedCount >= 400)
    }

    /// Asks what is planned, kills when the last one is answered.
    private func live(_ life: Life, _ gateway: GatewayProcess) async throws -> [ChatReply] {
        let client = try await ChatClient.connect(to: gateway.port)
        var replies: [ChatReply] = []
        for call in life.calls.dropLast() { replies.append(await client.ask(call)) }
        let last = life.calls[life.calls.count - 1]
        replies += await withTaskGroup(of: ChatReply?.self) { group in
            for call in life.beside {
                group.addTask { try? await ChatClient.ask(call, at: gateway.port) }
            }
            group.addTask {
                await client.ask(last) { if $0.isAnswered { gateway.kill() } }
            }
            return await group.reduce(into: []) { all, reply in if let reply { all.append(reply) } }
        }
        await client.close()
        #expect(replies.contains { $0.call.marker == last.marker && $0.isAcknowledged }, "\(replies)")
        await gateway.killed()
        return replies
    }

    /// The first question of a life to a session brings its newest round back to the model.
    private func checkReplay(_ model: ScriptedModel, _ life: Life, of newest: String) throws {
        guard let call = life.calls.first, call.session == "main" else { return }
        let body = try #require(model.requests[call.marker]).body
        #expect(body.contains("[[\(newest)]]") && body.contains(Replies.text(newest)), "\(body)")
        let questions = body.ranges(of: "[[").count
        #expect(questions >= 2 && questions == body.ranges(of: "((").count + 1, "\(body)")
    }
}
