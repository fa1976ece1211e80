internal import ChatWire
internal import Logging
internal import LoopTiming
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import UpstreamClient

extension Exchange {
    /// Hands the exchange, or what came after it, to the store.
    ///
    /// - Parameter isAwaited: whether the machine waits to hear of the commit.
    func record(_ action: RelayMachine.RecordAction, isAwaited: Bool) {
        guard let session = plan.session else { return }
        let change: MemoryChange
        var leavesFirst = false
        switch action {
        case .first(let cause):
            change = .record(recordedTurn(cause, session))
            leavesFirst = !isAwaited
        case .amendment:
            let replies = RecordedReplies(assembled(), .finished, status: replyHead?.status).replies
            change = .amend(AmendedReply(exchange: id, session: session.key, replies: replies))
        }
        submit(change, session.key, isReleased: leavesFirst, isAwaited: isAwaited)
        services.warm.touch(session.key)
    }

    /// - Parameter isReleased: whether a request may follow the reply before the record is on the disk.
    private func submit(
        _ change: MemoryChange, _ session: SessionKey, isReleased: Bool, isAwaited: Bool
    ) {
        let ticket = services.commits.makeTicket(of: session, isReleased: isReleased)
        let inbox = services.commits.inbox
        do throws(StoreError) {
            try services.storage.apply(
                [change], isAwaited ? .waiting(ticket: ticket, inbox) : .lingering(ticket: ticket, inbox))
        } catch {
            services.commits.drop(ticket)
            services.logger.error(
                "store: exchange not recorded", metadata: ["exchange.id": "\(id)", "error": "\(error)"])
            if isAwaited { tell(.commitFailed(Degradation(error))) }
            return
        }
        if isAwaited { services.commits.wait(ticket, self) }
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
        exchange.upstreamStatus = replyHead?.status
        exchange.firstByteMicroseconds = microseconds(from: forwardedAt, to: firstByteAt)
        exchange.totalMicroseconds = microseconds(from: forwardedAt, to: services.clock.now)
        exchange.outcome = recorded.outcome
        exchange.failure = recorded.failure ?? failure?.context
        var messages = plan.messages
        for index in messages.indices { messages[index].status = recorded.questionStatus }
        return RecordedTurn(
            place: plan.place, messages: messages, replies: recorded.replies, exchange: exchange,
            at: services.now())
    }

    private func assembled() -> AssembledReply? {
        recorder.assembled(isWhole: hasEnded)
    }

    private func microseconds(from start: NIODeadline?, to end: NIODeadline?) -> Int64? {
        guard let start, let end else { return nil }
        return (end - start).nanoseconds / 1000
    }
}
