internal import ChatWire
internal import Logging
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import PluginInterface

extension Exchange {
    /// Reads what the session's store knows, where that is needed, and goes on to assemble.
    func recall(_ request: ChatRequest, _ outline: RequestOutline, _ retriedRound: Int?) {
        guard let session = plan.session, let directions else { return }
        let fence = services.fence(for: session.key.owner, state.settings)
        plan.fence = fence
        let plugins = pluginRun(session.key, question: question(of: request))
        let terms =
            directions.mode.injects ? terms(request, directions, fence, plugins.request) : nil
        let query = Recollection.Query(
            key: session.key, outline: outline, fence: fence, terms: terms, plugins: plugins,
            retriedRound: retriedRound, coldMicroseconds: policy.coldMicroseconds)
        guard query.isNeeded(isKnown: session.isKnown) else {
            return assemble(request, query, Recollection(unread: query))
        }
        wait(request, query)
    }

    /// What the session was told before may still be on its way to the disk: that is waited for.
    private func wait(_ request: ChatRequest, _ query: Recollection.Query) {
        guard services.shared.unsettled.contains(query.key) else { return read(request, query) }
        let ticket = services.commits.makeTicket()
        let pause = RecallPause { [self] missing in
            if let missing { plan.status = .degraded(missing) }
            read(request, query)
            client?.flush()
        }
        do throws(StoreError) {
            try services.storage.apply([], .waiting(ticket: ticket, services.commits.inbox))
            services.commits.wait(ticket, pause, deadline: policy.recordDeadline)
        } catch {
            plan.status = .degraded(Degradation(error))
            read(request, query)
        }
    }

    /// A warm session is read here; of another one the pages may have to come from the disk, which the loop
    /// does not wait for.
    private func read(_ request: ChatRequest, _ query: Recollection.Query) {
        guard client != nil else { return }
        let storage = services.storage
        guard !services.warm.contains(query.key) else {
            return recalled(
                request, query, Result { () throws(StoreError) in try Recollection(query, from: storage) })
        }
        services.readOffLoop { () throws(StoreError) in
            try Recollection(query, from: storage)
        } then: { [self] result in
            recalled(request, query, result)
        }
    }

    private func recalled(
        _ request: ChatRequest, _ query: Recollection.Query, _ result: Result<Recollection, StoreError>
    ) {
        guard client != nil else { return }
        services.warm.touch(query.key)
        switch result {
        case .success(let recollection):
            assemble(request, query, recollection)
        case .failure(let error):
            noteFailedRead(error)
            assemble(request, query, Recollection(unread: query))
        }
    }

    // MARK: The budget

    /// What decides how much is added; nil where the policy's plugins add nothing to such a request.
    private func terms(
        _ request: ChatRequest, _ directions: MemoryDirections, _ fence: MemoryFence, _ view: RequestView
    ) -> ContextPlan.Terms? {
        guard policy.chain.adds(to: view.subject) else { return nil }
        var bounds = policy.chain.bounds(for: view.subject) ?? .none
        let form = ReplayForm(
            keepsToolTraffic: request.members.declaresTools, model: model.name, fence: fence)
        let isExceptional = directions.window != nil && bounds != .none
        if isExceptional, let messages = directions.window {
            bounds = WindowBounds(messages: messages, tokens: bounds.tokens)
        }
        var terms = ContextPlan.Terms(
            budget: budget(request), bounds: bounds, form: form, fence: fence,
            settings: policy.chain.standingMark(at: createdAt, state.settings.localTime))
        terms.isExceptional = isExceptional
        let placement = services.shared.models.placement(policy.placement, for: model)
        terms.standingFrame = placement.map { ContextLayout.standingFrame(request, $0) } ?? 0
        let mayKnow = view.isOwnerNamed || view.isChat
        terms.hasStanding = mayKnow && policy.chain.hasStanding(for: view.subject)
        return terms
    }

    private func budget(_ request: ChatRequest) -> ContextBudget {
        let bytes = request.body.readableBytesUInt8Span
        let client =
            request.messages.reduce(request.members.schemaBytes / 3) {
                $0 + TokenEstimate.tokens(of: $1, in: bytes)
            }
        plan.estimatedTokens = client
        return ContextBudget(
            window: modelWindow, client: client, reply: request.members.maxTokens,
            setting: policy.maxTokens,
            scale: services.shared.models.scale(of: model))
    }

    /// How many tokens the model takes.
    var modelWindow: Int { knownWindow ?? ContextBudget.assumedWindow }

    private var knownWindow: Int? {
        services.shared.models.window(
            of: model, set: upstream.setWindow(of: model.name), hosted: upstream.hostedWindow(of: model.name))
    }

    /// Where a conversation grows to a part of the assumed window, its model's server is asked for the real
    /// one, so that it is known before it matters.
    func searchWindow(forTokens tokens: Int) {
        guard tokens > ContextBudget.assumedWindow / 4, upstream.setWindow(of: model.name) == nil else {
            return
        }
        WindowSearch.begin(
            for: model, at: upstream, services.shared.models, now: createdAt, services.transport)
    }
}
