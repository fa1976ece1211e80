internal import RepeatableRandom
internal import Testing

/// `kill -9` in the moment in which the client has its reply.
@Suite(.timeLimit(.minutes(15)))
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

        /// The first question, if it goes to the session that is looked at and nothing is asked beside it.
        var alone: ChatCall? {
            guard let first = calls.first, first.session == "main" else { return nil }
            return calls.count > 1 || beside.isEmpty ? first : nil
        }

        /// The newest round of that session after this life, where it is certain which one that is and it is
        /// short enough to be replayed.
        func newestRound(after before: String?) -> String? {
            guard !beside.contains(where: { $0.session == "main" }) else { return nil }
            guard let last = calls.last(where: { $0.session == "main" }) else { return before }
            return last.padding == 0 ? last.marker : nil
        }

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
        var replays = 0
        for number in 1...200 {
            let life = Life(number, random: &random)
            let gateway = try await GatewayProcess(setup)
            let replies = try await live(life, gateway)
            for call in life.calls + life.beside { ledger.asked(call) }
            for reply in replies { ledger.answered(reply) }
            let faults = try ledger.faults(ofStoreAt: setup.store)
            #expect(faults.isEmpty, "life \(number)")
            guard faults.isEmpty else { return }
            // A padded question leaves the window no room.
            if let newest, let call = life.alone, call.padding == 0 {
                try checkReplay(model, call, of: newest)
                replays += 1
            }
            newest = life.newestRound(after: newest)
        }
        await model.stop()
        #expect(replays >= 20)
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

    /// The first question of a life brings the newest round back to the model.
    private func checkReplay(_ model: ScriptedModel, _ call: ChatCall, of newest: String) throws {
        let body = try #require(model.requests[call.marker]).body
        #expect(body.contains("[[\(newest)]]") && body.contains(Replies.text(newest)), "\(body)")
        let questions = body.ranges(of: "[[").count
        #expect(questions >= 2 && questions == body.ranges(of: "((").count + 1, "\(body)")
    }
}
