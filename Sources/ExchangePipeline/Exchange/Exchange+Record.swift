internal import ChatWire
internal import GatewayMetrics
internal import Logging
internal import LoopTiming
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import PluginInterface
internal import UpstreamClient

extension Exchange {
    /// Hands the exchange, or what came after it, to the store.
    ///
    /// - Parameter isAwaited: whether the machine waits to hear of the commit.
    func record(_ action: RelayMachine.RecordAction, isAwaited: Bool) {
        guard let session = plan.session else { return }
        var changes: [MemoryChange]
        var leavesFirst = false
        var outcome: ExchangeOutcome?
        switch action {
        case .first(let cause):
            let turn = recordedTurn(cause, session)
            outcome = turn.exchange.outcome
            changes = [.record(turn)] + completed(turn, session.key)
            leavesFirst = !isAwaited
        case .amendment:
            let replies = withoutBlocks(
                RecordedReplies(assembled(), .finished, status: replyHead?.status).replies)
            changes = [.amend(AmendedReply(exchange: id, session: session.key, replies: replies))]
            learn(from: replies)
        }
        let isTaken = submit(changes, session.key, isReleased: leavesFirst, isAwaited: isAwaited)
        if let outcome { count(isTaken ? ExchangeLabels.Outcome(outcome) : .notRecorded) }
        services.warm.touch(session.key)
    }

    /// - Parameter isReleased: whether a request may follow the reply before the record is on the disk.
    /// - Returns: whether the store has taken it.
    private func submit(
        _ changes: [MemoryChange], _ session: SessionKey, isReleased: Bool, isAwaited: Bool
    ) -> Bool {
        let ticket = services.commits.makeTicket(of: session, isReleased: isReleased)
        let inbox = services.commits.inbox
        do throws(StoreError) {
            try services.storage.apply(
                changes, isAwaited ? .waiting(ticket: ticket, inbox) : .lingering(ticket: ticket, inbox))
        } catch {
            services.commits.drop(ticket)
            services.logger.error(
                "store: exchange not recorded", metadata: ["exchange.id": "\(id)", "error": "\(error)"])
            if isAwaited {
                services.metrics.releasedUnacknowledged.add()
                tell(.commitFailed(Degradation(error)))
            }
            return false
        }
        if isAwaited { services.commits.wait(ticket, self, deadline: policy.recordDeadline) }
        return true
    }

    private func recordedTurn(_ cause: RelayMachine.RecordCause, _ session: ExchangePlan.Session)
        -> RecordedTurn
    {
        let recorded = RecordedReplies(assembled(), cause, status: replyHead?.status)
        var exchange = ExchangeRecord(
            id: id, session: session.key, createdAt: createdAt, path: call.path,
            model: plan.members?.model ?? "", stream: plan.members?.stream ?? false,
            resolution: session.resolution,
            injected: plan.injected)
        exchange.verdict = plan.verdict
        exchange.user = directions.map(user) ?? ""
        exchange.mode = directions?.mode.rawValue ?? ""
        exchange.policy = policy.name
        exchange.status = plan.status.headerValue
        exchange.upstream = upstream.upstream.name
        exchange.attempts = refused == nil ? 1 : 2
        exchange.gateway = times
        exchange.isAcknowledged = plan.recording == .acknowledged
        exchange.upstreamStatus = replyHead?.status
        exchange.firstByteMicroseconds = microseconds(from: forwardedAt, to: firstByteAt)
        let now = services.clock.now
        if firstByteAt != nil { ends(.relay, at: now) }
        exchange.totalMicroseconds = microseconds(from: forwardedAt, to: now)
        exchange.outcome = recorded.outcome
        exchange.failure = recorded.failure ?? failure?.context
        var messages = plan.messages
        for index in messages.indices { messages[index].status = recorded.questionStatus }
        let replies = withoutBlocks(recorded.replies)
        learn(from: replies)
        var turn = RecordedTurn(
            place: plan.place, messages: messages, replies: replies, exchange: exchange,
            at: services.now())
        turn.fingerprints = plan.fingerprints
        turn.context = turn.takesRound ? plan.context : nil
        turn.bringsHistory = plan.bringsHistory
        turn.becomesCurrent = session.isCurrent
        turn.terms = terms(of: session)
        turn.joinsRunning = plan.joinsRunning
        return turn
    }

    /// Replies without our own blocks, which models repeat.
    private func withoutBlocks(_ replies: [NewMessage]) -> [NewMessage] {
        guard let fence = plan.fence else { return replies }
        var replies = replies
        for index in replies.indices { replies[index].body = replies[index].body.withoutBlocks(of: fence) }
        return replies
    }

    /// What the model server reports of a request tells how its tokens compare to estimated ones.
    private func learn(from replies: [NewMessage]) {
        guard let usage = replies.first?.usage, let estimated = plan.estimatedTokens else { return }
        services.shared.models.learn(usage, estimated: estimated, window: modelWindow, of: model)
    }

    /// What plugins keep of the exchange, in its own commit.
    private func completed(_ turn: RecordedTurn, _ session: SessionKey) -> [MemoryChange] {
        guard !policy.chain.completion.isEmpty else { return [] }
        let plugins = pluginRun(session, question: plan.question)
        let reply = turn.replies.first.map {
            String(decoding: MessageText.bytes(of: $0.body), as: UTF8.self)
        }
        let view = CompletedView(
            request: plugins.request, reply: reply ?? "", isComplete: turn.exchange.outcome == .recorded)
        let outcome = plugins.ask(policy.chain.completion) { hook, services in
            try hook.completed(view, services).map { entry in
                PluginEntry(
                    owner: session.owner, plugin: type(of: hook).name, key: entry.key, value: entry.value)
            }
        }
        // What no store has room for must not take the exchange with it.
        return outcome.values.joined().filter { (try? $0.check()) != nil }.map(MemoryChange.keep)
    }

    private func assembled() -> AssembledReply? {
        recorder.assembled(isWhole: hasEnded)
    }

    private func microseconds(from start: NIODeadline?, to end: NIODeadline?) -> Int64? {
        guard let start, let end else { return nil }
        return (end - start).nanoseconds / 1000
    }
}

extension ExchangeLabels.Outcome {
    /// How an exchange ended that is recorded.
    fileprivate init(_ outcome: ExchangeOutcome) {
        self =
            switch outcome {
            case .recorded: .recorded
            case .failed: .failed
            case .incomplete: .incomplete
            case .disconnected: .disconnected
            }
    }
}
