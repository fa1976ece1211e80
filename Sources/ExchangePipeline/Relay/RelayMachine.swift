/// The heart of an exchange: what to do with a reply's bytes, as a pure value.
///
/// It counts bytes and never holds any: the shell keeps them in a queue, in order, and takes `Step.send` of
/// them from its front. So no byte can be doubled or reordered; what the machine decides is *when* they
/// leave.
///
/// Promises, held by an exhaustive walk in the tests:
/// - Where the exchange is recorded and somebody waits (`Recording.acknowledged`), nothing from the finishing
///   event on leaves before the commit has settled, has failed or is late; and it leaves exactly once.
/// - At most one record per exchange, and one for every exchange that is recorded at all.
/// - While a commit is awaited the tail holds at most `highWater` bytes and one read.
/// - A client that does not take bytes stops the upstream, and only such a client or such a tail does.
package struct RelayMachine: Hashable, Sendable {
    /// Bytes that a held tail may reach before the upstream is stopped.
    package static let highWater = 64 * 1024

    /// Whether the exchange is recorded, and whether its end waits for the disk.
    package enum Recording: Hashable, Sendable, CaseIterable {
        /// Not recorded: bytes pass as they come.
        case none
        /// Recorded; the end of the reply is held until the commit is durable.
        case acknowledged
        /// Recorded; nothing waits.
        case relaxed
    }

    private enum HeadState: Hashable {
        /// None has arrived; it leaves with this step; it waits for the first byte; it has left.
        case absent, due, held, sent
    }

    private enum UpstreamState: Hashable {
        case running, ended, cut, cancelled
    }

    private enum ClientState: Hashable {
        case writable, stalled, gone
    }

    private enum CommitState: Hashable {
        case notStarted, awaited, unawaited, failed
    }

    /// Content or usage that arrived after the commit that should have held it.
    private enum Backlog: Hashable {
        case none, usage, content
    }

    private let recording: Recording
    private let isStreamAsked: Bool
    private var head = HeadState.absent
    private var form = ReplyForm.plain
    private var isSuccess = true
    private var contentLength: Int?
    private var received = 0
    private var whole = 0
    private var sent = 0
    private var holdFrom: Int?
    private var doneAt: Int?
    private var hasFinish = false
    private var upstream = UpstreamState.running
    private var client = ClientState.writable
    private var commit = CommitState.notStarted
    private var backlog = Backlog.none
    private var degradation: Degradation?
    private var isPaused = false
    private var hasEnded = false

    /// The run is over: nothing is running, owed or awaited.
    package private(set) var isOver = false

    /// A machine for a request that is about to be forwarded.
    ///
    /// - Parameter isStreamAsked: decides what a disconnect means before the reply's form is known.
    package init(recording: Recording, isStreamAsked: Bool) {
        self.recording = recording
        self.isStreamAsked = isStreamAsked
    }

    /// Whether the upstream's bytes are taken now. Asked before each read is handed over.
    package var acceptsBytes: Bool {
        switch client {
        case .gone: true
        case .stalled: false
        case .writable: commit != .awaited || received - sent < Self.highWater
        }
    }

    /// The exchange was recorded, and the store has said that it is on the disk.
    package var isDurable: Bool {
        recording == .acknowledged && commit == .unawaited && degradation == nil && upstream != .cut
    }

    /// Takes one input and says what to do. Inputs after the end change nothing.
    package mutating func handle(_ input: Input) -> Step {
        var step = Step()
        guard !isOver else { return step }
        take(input, &step)
        advance(&step)
        return step
    }

    private mutating func take(_ input: Input, _ step: inout Step) {
        switch input {
        case .answered(let reply): takeHead(reply)
        case .bytes(let bytes): takeBytes(bytes, &step)
        case .refused: isPaused = true
        case .ended: upstreamStopped(.ended, &step)
        case .cut: upstreamStopped(.cut, &step)
        case .writable: if client != .gone { client = .writable }
        case .stalled: if client != .gone { client = .stalled }
        case .gone: clientLeft(&step)
        case .committed: settle(nil, &step)
        case .commitFailed(let why): settle(why, &step)
        case .late: settle(.storeSlow, &step)
        case .drainExpired: stopDraining(&step)
        }
    }

    // MARK: The reply

    private mutating func takeHead(_ reply: ReplyStart) {
        guard upstream == .running, head == .absent else { return }
        form = reply.form
        isSuccess = reply.isSuccess
        contentLength = reply.contentLength
        // A plain reply that is recorded keeps its head until its first byte leaves: it can still say
        // «degraded».
        head = holdsTail && form == .plain ? .held : .due
    }

    /// Whether the end of the reply waits for the disk at all.
    private var holdsTail: Bool {
        recording == .acknowledged && isSuccess && client != .gone
    }

    private mutating func takeBytes(_ bytes: ReplyBytes, _ step: inout Step) {
        guard upstream == .running else { return }
        let start = received
        received += bytes.count
        whole = form == .stream ? max(whole, min(bytes.whole, received)) : received
        guard recording != .none else { return }
        noteBacklog(bytes)
        if let done = bytes.done { doneAt = done }
        if let finish = bytes.finish, !hasFinish {
            hasFinish = true
            startRecord(.finished, holdingFrom: finish, &step)
        } else if let done = bytes.done {
            amendIfOwed(holdingFrom: done, &step)
        } else if commit == .notStarted, holdsTail {
            holdLastBuffer(from: start)
        }
    }

    /// Of a plain reply the newest buffer may be the last one; of a stream only one that fills its length is.
    private mutating func holdLastBuffer(from start: Int) {
        holdFrom = form == .plain || received == contentLength ? start : nil
    }

    private mutating func noteBacklog(_ bytes: ReplyBytes) {
        guard commit != .notStarted else { return }
        if bytes.contentAfterFinish {
            backlog = .content
        } else if bytes.usageAfterFinish, backlog == .none {
            backlog = .usage
        }
    }

    private mutating func upstreamStopped(_ how: UpstreamState, _ step: inout Step) {
        guard upstream == .running else { return }
        upstream = how
        // An event whose blank line never came may be the finishing one.
        let firm = whole
        whole = received
        guard recording != .none else { return }
        guard commit == .notStarted else { return amendIfOwed(holdingFrom: doneAt ?? firm, &step) }
        if how == .ended {
            startRecord(.ended, holdingFrom: holdFrom ?? firm, &step)
        } else {
            recordUnawaited(.cut, &step)
        }
    }

    // MARK: Recording

    private mutating func startRecord(_ cause: RecordCause, holdingFrom offset: Int, _ step: inout Step) {
        guard holdsTail else { return recordUnawaited(cause, &step) }
        step.record = .first(cause)
        awaitCommit(holdingFrom: offset, &step)
    }

    private mutating func recordUnawaited(_ cause: RecordCause, _ step: inout Step) {
        commit = .unawaited
        holdFrom = nil
        step.record = .first(client == .gone ? .disconnected : cause)
    }

    private mutating func awaitCommit(holdingFrom offset: Int, _ step: inout Step) {
        commit = .awaited
        holdFrom = offset
        step.deadline = .arm
    }

    /// Content that came after the record is amended where `[DONE]` or the end would confirm it, and that
    /// waits; usage likewise, but nothing waits for it. Once the store was late or failed, nothing waits any
    /// more.
    private mutating func amendIfOwed(holdingFrom offset: Int, _ step: inout Step) {
        guard backlog != .none, commit == .unawaited else { return }
        let waits = backlog == .content && holdsTail && degradation == nil
        backlog = .none
        step.record = .amendment
        if waits { awaitCommit(holdingFrom: max(offset, sent), &step) }
    }

    private mutating func settle(_ failure: Degradation?, _ step: inout Step) {
        guard commit == .awaited else { return }
        degradation = failure ?? degradation
        commit = failure == nil || failure == .storeSlow ? .unawaited : .failed
        holdFrom = nil
        step.deadline = .disarm
        if doneAt != nil || upstream != .running { amendIfOwed(holdingFrom: doneAt ?? received, &step) }
    }

    // MARK: The client

    private mutating func clientLeft(_ step: inout Step) {
        guard client != .gone else { return }
        let drains = upstream == .running && keepsReadingForNobody
        client = .gone
        if drains {
            holdFrom = nil
            step.drain = .arm
        } else {
            stopUpstream(&step)
        }
    }

    /// A plain reply is worth having even when nobody waits for it any more; a stream's stop button frees the
    /// model.
    private var keepsReadingForNobody: Bool {
        guard recording != .none, commit == .notStarted, isSuccess else { return false }
        return head == .absent ? !isStreamAsked : form == .plain
    }

    private mutating func stopDraining(_ step: inout Step) {
        guard client == .gone else { return }
        stopUpstream(&step)
    }

    private mutating func stopUpstream(_ step: inout Step) {
        if upstream == .running {
            upstream = .cancelled
            step.upstream = .cancel
        }
        guard recording != .none else { return }
        if commit == .notStarted {
            recordUnawaited(.disconnected, &step)
        } else {
            amendIfOwed(holdingFrom: received, &step)
        }
    }

    // MARK: What follows from the state

    private mutating func advance(_ step: inout Step) {
        if client == .gone {
            step.drop = sent < received
            sent = received
        } else if upstream == .cut, head != .sent, commit != .awaited {
            replyWithError(&step)
        } else {
            release(&step)
            end(&step)
        }
        if isPaused, acceptsBytes, upstream == .running {
            isPaused = false
            step.upstream = .resume
        }
        isOver = upstream != .running && commit != .awaited && (hasEnded || client == .gone)
        step.isOver = isOver
    }

    /// Nothing has reached the client yet, so it gets a whole error instead of a torso.
    private mutating func replyWithError(_ step: inout Step) {
        step.head = .error
        step.drop = true
        head = .sent
        sent = received
        hasEnded = true
    }

    private mutating func release(_ step: inout Step) {
        let firm = recording == .none ? received : whole
        let limit = min(firm, holdFrom ?? firm)
        if head == .due { sendHead(&step) }
        guard limit > sent else { return }
        if head == .held { sendHead(&step) }
        step.send = limit - sent
        sent = limit
    }

    private mutating func end(_ step: inout Step) {
        guard !hasEnded, upstream != .running, commit != .awaited, sent == received else { return }
        if head == .held { sendHead(&step) }
        step.ending = upstream == .ended ? .finish : .abort
        hasEnded = true
    }

    private mutating func sendHead(_ step: inout Step) {
        step.head = .relay(degradation)
        head = .sent
    }
}
