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
    /// Journals the question and sends the request up.
    func forward(_ body: ByteBuffer) {
        let started = services.clock.now
        plan.isForwarded = true
        services.shared.activity.began(at: upstream.upstream)
        machine = RelayMachine(recording: plan.recording, isStreamAsked: plan.members?.stream ?? false)
        if plan.recording != .none { beginRound() }
        forwardedAt = started
        ends(.assemble, at: started)
        send(body)
    }

    /// Sends a body up, the first or, where the model server refused that, the client's own.
    func send(_ body: ByteBuffer) {
        var headers = call.forwardedHeaders
        headers.replace("Accept-Encoding", with: "identity")
        if let key = call.headers.first("Idempotency-Key"), !headers.contains("Idempotency-Key") {
            headers.append("Idempotency-Key", key)
        }
        addPluginFields(to: &headers)
        upstream.complete(&headers, for: call.caller)
        let request = UpstreamRequest(
            method: "POST", upstream: upstream.upstream,
            target: call.upstreamPath.target(below: upstream.upstream.basePath), headers: headers,
            body: .bytes(body))
        transfer = services.transport.start(request, sink: self)
    }

    /// What plugins add to the fields. One that fails here is left out, whatever `onError` says: the request
    /// is on its way.
    private func addPluginFields(to headers: inout HeaderFields) {
        guard !policy.chain.forward.isEmpty, let key = plan.session?.key else { return }
        let plugins = pluginRun(key, question: plan.question)
        let fields = plugins.ask(policy.chain.forward) { try $0.fields(plugins.request, $1) }
        for (name, value) in fields.values.joined() { headers.replace(name, with: value) }
    }

    /// The session cannot end from here on, until the exchange has.
    private func beginRound() {
        if let session = plan.session {
            plan.joinsRunning = services.shared.running.began(session.key)
            plan.isRunning = true
        }
        journal()
    }

    /// What the exchange's policy and route mean for its session.
    func terms(of session: ExchangePlan.Session) -> SessionTerms {
        SessionTerms(
            policy: policy.name, idleMicroseconds: policy.idleMicroseconds, resolution: session.resolution,
            upstream: upstream.upstream.name, model: plan.members?.model ?? "",
            makesTitle: policy.makesTitles, mostMessages: policy.mostMessages)
    }

    /// Nobody waits for this: should the process end in mid-reply, the question is kept all the same.
    private func journal() {
        guard let session = plan.session, !plan.messages.isEmpty else { return }
        var turn = JournalledTurn(
            exchange: id, session: session.key, place: plan.place, messages: plan.messages,
            fingerprints: plan.fingerprints, at: createdAt)
        turn.terms = terms(of: session)
        turn.joinsRunning = plan.joinsRunning
        do throws(StoreError) {
            try services.storage.apply([.journal(turn)], .withNextBatch)
        } catch {
            services.logger.error(
                "store: question not journalled", metadata: ["exchange.id": "\(id)", "error": "\(error)"])
            plan.status = .degraded(Degradation(error))
        }
    }

    /// What the gateway says of memory on every reply.
    func addMemoryFields(to headers: inout HeaderFields, degradation: Degradation?) {
        if let session = plan.session {
            headers.append("X-Session-Id", IdentifierRules.headerValue(session.key.name))
            headers.append("X-Memory-Session", session.resolution)
        }
        let status = degradation.map(MemoryStatus.degraded) ?? plan.status
        services.metrics.statuses[status].add()
        headers.append("X-Memory-Status", status.headerValue)
        guard plan.isForwarded else { return }
        let injected = plan.injected
        headers.append(
            "X-Memory-Injected",
            "standing=\(injected.standing), window=\(injected.window.count), recall=\(injected.recall), "
                + "tokens=\(injected.tokens)")
        headers.append("X-Memory-Exchange", id.description)
    }
}
