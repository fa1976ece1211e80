internal import ChatWire
internal import Logging
internal import LoopTiming
package import NIOCore
package import UpstreamClient

extension Exchange: UpstreamSink {
    /// See `UpstreamSink`.
    package func upstreamDidAnswer(_ head: UpstreamReplyHead) {
        let isSuccess = (200..<300).contains(head.status)
        if plan.injection != nil, Self.isRefusal(head) {
            refusal = InjectionRefusal(status: head.status)
            return
        }
        if wasRefused, isSuccess { answeredWithout() }
        let now = services.clock.now
        firstByteAt = now
        ends(.firstByte, at: now)
        upstream.health.note(.ok)
        replyHead = head
        let length = head.headers.first("Content-Length").flatMap { Int($0) }
        let isStream = ReplyRecorder.isStream(head.headers)
        if plan.recording != .none, isSuccess {
            recorder = ReplyRecorder(
                isStream: isStream, encoding: head.headers.first("Content-Encoding"),
                choices: plan.members?.choices ?? 1, settings: state.settings)
            if let degradation = recorder.degradation(contentLength: length) {
                plan.status = .degraded(degradation)
            }
        }
        let form: ReplyForm = isStream ? .stream : .plain
        if isStream { openStream() }
        tell(.answered(ReplyStart(form: form, isSuccess: isSuccess, contentLength: length)))
    }

    /// See `UpstreamSink`.
    package func acceptsBody() -> Bool {
        if refusal != nil || machine.acceptsBytes { return true }
        tell(.refused)
        return false
    }

    /// See `UpstreamSink`.
    package func upstreamDidSend(_ bytes: ByteBuffer) {
        guard refusal == nil else { return readRefusal(bytes) }
        queue.append(bytes)
        tell(.bytes(recorder.receive(bytes)))
    }

    /// See `UpstreamSink`.
    package func upstreamDidDrain() {
        client?.flush()
    }

    /// See `UpstreamSink`.
    package func upstreamWantsBody() {}

    /// See `UpstreamSink`.
    package func upstreamDidFinish() {
        transfer = nil
        guard refusal == nil else { return tryWithout() }
        hasEnded = true
        tell(.ended)
        // Where the end is held, what stands before it leaves now: no drain comes after this.
        client?.flush()
    }

    /// See `UpstreamSink`.
    package func upstreamDidFail(_ error: UpstreamError) {
        transfer = nil
        guard refusal == nil else { return tryWithout() }
        failure = error
        if error.isUnreachable { upstream.health.note(.unreachable) }
        services.logger.warning(
            "upstream failed", metadata: ["exchange.id": "\(id)", "error": "\(error)"])
        tell(.cut)
        client?.flush()
    }

    /// Carries out a step, in the order that the machine's interface names.
    func perform(_ step: RelayMachine.Step) {
        if let head = step.head { performHead(head) }
        if step.send > 0 { send(step.send) }
        if step.drop { queue.removeAll() }
        if let record = step.record { self.record(record, isAwaited: step.deadline == .arm) }
        if let ending = step.ending { end(ending) }
        if step.drain == .arm { armDrain() }
        switch step.upstream {
        case .resume: transfer?.resume()
        case .cancel:
            transfer?.cancel()
            transfer = nil
        case nil: break
        }
    }

    private func performHead(_ action: RelayMachine.HeadAction) {
        switch action {
        case .relay(let degradation):
            guard let replyHead else { return }
            var headers = HopFields.relayable(replyHead.headers, withoutOwn: true)
            addMemoryFields(to: &headers, degradation: degradation ?? expectedDegradation)
            client?.sendHead(ReplyHead(status: replyHead.status, reason: replyHead.reason, headers: headers))
        case .error:
            count(.failed)
            let error = failure ?? UpstreamError(.cut, retry: .unsafe, "it ended before its reply did")
            answer(GatewayError(error))
        }
    }

    /// A head that leaves before its commit says what the store said last.
    private var expectedDegradation: Degradation? {
        plan.recording == .none || machine.isDurable ? nil : services.shared.condition.degradation
    }

    /// Takes bytes from the queue's front.
    private func send(_ count: Int) {
        var left = count
        while left > 0, var first = queue.popFirst() {
            if first.readableBytes <= left {
                left -= first.readableBytes
                client?.send(first)
            } else if let part = first.readSlice(length: left) {
                left = 0
                client?.send(part)
                queue.prepend(first)
            }
        }
    }

    private func end(_ ending: RelayMachine.Ending) {
        closeStream()
        if plan.recording == .none {
            if firstByteAt != nil { ends(.relay) }
            count(ending == .finish ? .notRecorded : .incomplete)
        }
        switch ending {
        case .finish: client?.finish()
        case .abort: client?.abort()
        }
        client = nil
    }

    private func armDrain() {
        let clock = services.clock
        clock.schedule(at: clock.now + policy.drainTimeout) { [weak self] in
            self?.tell(.drainExpired)
        }
    }
}
