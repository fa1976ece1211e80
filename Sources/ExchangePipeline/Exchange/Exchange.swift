internal import ChatWire
internal import GatewayMetrics
internal import Logging
internal import LoopTiming
package import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import UpstreamClient

/// The life of one request on a memory route: resolve, recall, assemble, forward, relay, record.
///
/// Synchronous on its event loop; only the read of a session that is not warm goes to the store's reader
/// thread and comes back. Held by its connection, its transfer and its commit, by each as long as it needs
/// it.
package final class Exchange: CommitWaiter {
    /// Names the exchange, for clients and the admin side.
    package let id: ExchangeID
    let services: ExchangeServices
    /// The settings that the exchange began with.
    let state: PipelineState
    let call: InboundCall
    let startedAt: NIODeadline
    let createdAt: Timestamp
    var client: (any Downstream)?
    var directions: MemoryDirections?
    var policy: ExchangePolicy
    /// The server that serves the request's model; to be asked for once the request was located.
    lazy var upstream = state.upstreams.entry(for: plan.members?.model)
    /// The model, at that server.
    lazy var model = ModelFacts.Model(
        upstream: upstream.upstream.origin + upstream.upstream.basePath, name: plan.members?.model ?? "",
        tenant: call.caller.tenant)
    var awaitedNotes: AwaitedNotes?
    /// What a model server said that refused what memory had added; set while that is read.
    var refusal: InjectionRefusal?
    /// What it was about; set once the request is tried without.
    var refused: RefusedInjection?
    var plan = ExchangePlan()
    var machine = RelayMachine(recording: .none, isStreamAsked: false)
    var transfer: (any UpstreamCall)?
    var recorder = ReplyRecorder.unread
    var queue = CircularBuffer<ByteBuffer>()
    var replyHead: UpstreamReplyHead?
    var failure: UpstreamError?
    var forwardedAt: NIODeadline?
    var firstByteAt: NIODeadline?
    var hasEnded = false
    /// When the phase began that is under way.
    var phaseStartedAt: NIODeadline
    /// How long phases took.
    var times = GatewayTimes()
    /// What of the exchange was counted already.
    var counted = CountedExchange()
    private var inputs = CircularBuffer<RelayMachine.Input>()
    private var isPerforming = false

    /// Begins an exchange; its first answer may come inside this call.
    ///
    /// - Parameter state: the settings under which the call's caller was admitted.
    package init(
        _ call: InboundCall, _ services: ExchangeServices, _ state: PipelineState, client: any Downstream
    ) {
        self.call = call
        self.services = services
        self.state = state
        policy = state.settings.policy(call.caller.policy)
        self.client = client
        id = services.makeExchangeID()
        startedAt = services.clock.now
        phaseStartedAt = startedAt
        createdAt = services.now()
        do throws(GatewayError) {
            try resolve()
        } catch {
            refuse(error)
        }
    }

    /// Whoever holds it last lets go of it when nothing more can come of it.
    deinit {
        closeStream()
        if plan.isForwarded { services.shared.activity.ended(at: upstream.upstream, services.now()) }
        guard let session = plan.session else { return }
        if plan.isRunning { services.shared.running.ended(session.key) }
        guard session.isCurrent else { return }
        services.shared.open.leave(session.key.owner, session.key.name, at: services.now())
    }

    // MARK: What the client's connection tells

    /// The client takes bytes again, or no more for now.
    package func writabilityChanged(_ isWritable: Bool) {
        tell(isWritable ? .writable : .stalled)
    }

    /// The client has left.
    package func clientLeft() {
        client = nil
        closeStream()
        // What is recorded says for itself how it ended.
        if forwardedAt == nil || plan.recording == .none { count(.disconnected) }
        tell(.gone)
    }

    // MARK: What the store tells

    func commitSettled(_ result: Result<[ChangeReceipt], StoreError>) {
        ends(.record)
        switch result {
        case .success: tell(.committed)
        case .failure(let error):
            services.metrics.releasedUnacknowledged.add()
            tell(.commitFailed(Degradation(error)))
        }
        // This comes outside of the transport's drains: nobody else flushes.
        client?.flush()
    }

    func commitIsLate() {
        services.logger.warning(
            "store: reply released before its commit", metadata: ["exchange.id": "\(id)"])
        ends(.record)
        services.metrics.releasedUnacknowledged.add()
        tell(.late)
        client?.flush()
    }

    // MARK: The machine

    /// Gives the machine an input and performs what it says; inputs that arise meanwhile wait their turn.
    func tell(_ input: RelayMachine.Input) {
        guard forwardedAt != nil else { return }
        inputs.append(input)
        guard !isPerforming else { return }
        isPerforming = true
        while let input = inputs.popFirst() { perform(machine.handle(input)) }
        isPerforming = false
    }

    /// Answers with an error of our own, before anything was forwarded.
    func refuse(_ error: GatewayError) {
        services.logger.info(
            "request refused",
            metadata: [
                "exchange.id": "\(id)", "status": "\(error.status)", "reason": "\(error.loggedMessage)",
            ])
        plan.status = .skipped(.error)
        count(.refused)
        answer(error)
    }

    /// Writes a whole error reply.
    func answer(_ error: GatewayError) {
        let body = error.body
        var head = error.head(bodyBytes: body.readableBytes)
        addMemoryFields(to: &head.headers, degradation: nil)
        client?.sendHead(head)
        client?.send(body)
        client?.finish()
        client = nil
    }
}
