internal import ChatWire
internal import GatewayMetrics
internal import Logging
internal import LoopTiming
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import PluginInterface

extension Exchange {
    /// Notes what is new, gathers the plugins' notes, puts everything in its place, and forwards.
    func assemble(_ request: ChatRequest, _ query: Recollection.Query, _ recollection: Recollection) {
        ends(.recall)
        if let plugin = recollection.plugins.rejecting { return refuse(.plugin(plugin)) }
        noteSkipped(recollection.plugins.skipped)
        let resolution = recollection.resolution
        plan.verdict = resolution.verdict.rawValue
        if let stand = resolution.stand { plan.place = .openTurn(node: stand.node, round: stand.round) }
        if resolution.verdict == .edit { plan.place = .behind(node: 0) }
        plan.bringsHistory = query.outline.holdsReplies
        if directions?.mode.records ?? false {
            plan.recording = state.settings.isAcknowledged ? .acknowledged : .relaxed
            plan.messages = newMessages(request, resolution.new, query.fence)
        }
        guard let terms = query.terms, terms.budget.isEnough else {
            return put(request, query, recollection, note: nil)
        }
        // A question that is sent again keeps its note; a new one gets a new note.
        guard resolution.stand == nil else {
            return put(request, query, recollection, note: resolution.turnBlock)
        }
        let turn = query.plugins.ask(policy.chain.turn) { try $0.note(query.plugins.request, $1) }
        if let plugin = turn.rejecting { return refuse(.plugin(plugin)) }
        noteSkipped(turn.skipped)
        let recalls = policy.chain.recall.filter { $0.use.when.fits(query.plugins.request.subject) }
        guard !recalls.isEmpty else {
            return put(request, query, recollection, note: Self.joined(turn.values))
        }
        awaitedNotes = AwaitedNotes(
            recalls, query.plugins, loop: services.loop, clock: services.clock
        ) { [self] outcome in
            awaitedNotes = nil
            guard client != nil else { return }
            if let plugin = outcome.rejecting { return refuse(.plugin(plugin)) }
            noteSkipped(outcome.skipped)
            put(request, query, recollection, note: Self.joined(turn.values + outcome.values))
            client?.flush()
        }
    }

    private static func joined(_ notes: [String]) -> String? {
        notes.isEmpty ? nil : notes.joined(separator: "\n")
    }

    private func noteSkipped(_ plugins: [String]) {
        guard !plugins.isEmpty else { return }
        plan.status = .degraded(.plugin)
        plan.leftOut += plugins
    }

    /// Puts what is added into its place.
    private func put(
        _ request: ChatRequest, _ query: Recollection.Query, _ recollection: Recollection, note: String?
    ) {
        let context = recollection.plan
        let wanted = context?.block == nil ? nil : policy.placement
        let placement = wanted.flatMap { services.shared.models.placement($0, for: model) }
        let standing = placement == nil ? nil : context?.block
        let shown = context?.shownNotes ?? []
        let isNew = note.map { note in !shown.contains { $0.contains(note) } } ?? false
        var note = isNew || recollection.resolution.stand != nil ? note : nil
        if let text = note, let context, let terms = query.terms {
            let left = terms.budget.estimated - context.tokens(isPlaced: standing != nil)
            // A plugin may say more than there is room for.
            if TokenEstimate.tokens(ofText: query.fence.around(text)) > left { note = nil }
        }
        let layout = ContextLayout(
            request, standing: standing, window: context?.messages ?? [],
            note: note.map(query.fence.around), placement: placement ?? policy.placement)
        account(context, query, note: note, isPlaced: standing != nil)
        let plain = request.spliced()
        let body = request.spliced(inserting: layout.insertions, texts: layout.texts)
        if body != plain { plan.injection = .init(plainBody: plain, placement: placement) }
        plan.injected.placement = placement
        forward(body)
    }

    /// Notes what was added, for the client, the record, and the next request.
    private func account(
        _ context: ContextPlan?, _ query: Recollection.Query, note: String?, isPlaced: Bool
    ) {
        guard let context, let terms = query.terms else { return }
        plan.injected = context.record(isPlaced: isPlaced)
        plan.injected.isStep = context.step != nil
        plan.injected.budget = max(0, terms.budget.tokens)
        plan.injected.blocks = context.blocks(
            isPlaced: isPlaced, window: policy.chain.windowPlugin(for: query.plugins.request.subject))
        if !plan.leftOut.isEmpty {
            plan.injected.reason += ", without " + plan.leftOut.joined(separator: ", ")
        }
        // What a plugin failed to say is asked for again.
        plan.context = plan.leftOut.isEmpty ? context.context : nil
        if plan.context?.madeBy == nil { plan.context?.madeBy = id }
        if context.isShort, plan.status == .ok { plan.status = .skipped(.budget) }
        if let cause = context.step { services.metrics.steps[StepLabels(cause: cause)].add() }
        let window = context.tokens(isPlaced: false)
        var added = context.tokens(isPlaced: isPlaced)
        if window > 0 { policy.chain.windowTokens.add(terms.budget.scaled(window)) }
        if added > window { policy.chain.standingTokens.add(terms.budget.scaled(added - window)) }
        if let note {
            let tokens = TokenEstimate.tokens(ofText: query.fence.around(note))
            policy.chain.noteTokens.add(terms.budget.scaled(tokens))
            added += tokens
            plan.injected.tokens = terms.budget.scaled(added)
            var block = InjectedBlock(
                plugin: policy.chain.notePlugins(for: query.plugins.request.subject), kind: .recall,
                tokens: terms.budget.scaled(TokenEstimate.tokens(ofText: note)), reason: "new")
            block.text = note
            plan.injected.blocks.append(block)
            if let last = plan.messages.lastIndex(where: { $0.role == .user }) {
                plan.messages[last].turnBlock = note
            }
        }
        plan.estimatedTokens = plan.estimatedTokens.map { $0 + added }
        if context.hasOffers { searchWindow(forTokens: plan.estimatedTokens ?? 0) }
    }

    private func newMessages(
        _ request: ChatRequest, _ places: Range<Int>, _ fence: MemoryFence
    ) -> [NewMessage] {
        let speaker = directions?.chat == nil ? nil : directions.map(user)
        return request.messages[places].map { located in
            let tokens = TokenEstimate.tokens(of: located, in: request.body.readableBytesUInt8Span)
            let body = request.bytes(of: located).withoutBlocks(of: fence)
            var message = NewMessage(role: located.role, body: body, tokens: tokens)
            message.callsTools = located.role == .assistant && located.callsTools
            if located.role == .user { message.speaker = speaker }
            return message
        }
    }

    // MARK: Plugins

    /// Asks those who look at a request before anything is done with it.
    func admit(_ owner: SessionOwner) throws(GatewayError) {
        guard !policy.chain.admit.isEmpty else { return }
        let key = plan.session?.key ?? SessionKey(owner, "")
        let plugins = pluginRun(key, question: "")
        let outcome = plugins.ask(policy.chain.admit) { try $0.admit(plugins.request, $1) }
        if let plugin = outcome.rejecting { throw .plugin(plugin) }
        noteSkipped(outcome.skipped)
        for case .refuse(let refusal) in outcome.values {
            throw GatewayError(
                refusal.status, refusal.code, refusal.message, retryAfter: refusal.retryAfter)
        }
    }

    /// What the exchange's plugins are asked with.
    func pluginRun(_ session: SessionKey, question: String) -> PluginRun {
        let subject = PluginCondition.Subject(
            path: call.upstreamPath.withoutQuery, model: plan.members?.model ?? "", policy: policy.name,
            key: call.caller.key)
        let isChat = session.owner.kind == .chat
        let view = RequestView(
            subject: subject, isOwnerNamed: !isChat && session.owner.name != SessionOwner.nobody,
            isChat: isChat,
            question: question)
        return PluginRun(
            chain: policy.chain, request: view, session: session, storage: services.storage,
            logger: services.logger, now: createdAt, time: state.settings.localTime)
    }

    /// The newest question, for plugins that want it.
    func question(of request: ChatRequest) -> String {
        guard policy.chain.readsQuestions,
            let last = request.messages.last(where: { $0.role == .user })
        else { return "" }
        plan.question = String(decoding: MessageText.bytes(of: request.bytes(of: last)), as: UTF8.self)
        return plan.question
    }
}

extension GatewayError {
    /// A plugin that may not be left out has failed.
    static func plugin(_ name: String) -> GatewayError {
        GatewayError(
            503, "plugin_failed",
            "The plugin '\(name)' failed, and this gateway answers no request without it (onError: reject). "
                + "Try again, or see the gateway's log.",
            retryAfter: 1)
    }
}

extension ByteBuffer {
    /// A message without our own blocks, which come back in what clients resend and models repeat.
    func withoutBlocks(of fence: MemoryFence) -> ByteBuffer {
        guard MemoryFence.isLikely(in: readableBytesUInt8Span) else { return self }
        return LocatedMessage.replacingTexts(of: self) { fence.removingBlocks(from: $0) } ?? self
    }
}
