internal import ChatWire
internal import Logging
internal import MemoryCore
internal import MemoryStore
internal import NIOCore

extension Exchange {
    /// Reads the request, finds its session, recalls what is needed, and forwards.
    func resolve() throws(GatewayError) {
        var directions = try MemoryDirections(call.names, call.headers, from: call.caller)
        let located = try locate()
        if let memory = located.envelope.members.memory { try directions.add(memory, call.headers) }
        let claims = ForeignClaims(call.headers, located.envelope.members, by: call.caller)
        // Looked at in any case: a forged identity is refused whoever else is named.
        let claimed = try claims.user(signedBy: services.settings.openWebUI, at: services.now())
        directions.user = directions.user ?? claimed
        if directions.session == nil { directions.foreignSession = claims.session }
        if directions.task == nil, claims.isSideTask { directions.task = "subagent" }
        self.directions = directions
        plan.members = located.envelope.members
        switch located {
        case .other(let envelope):
            plan.status = directions.mode == .off ? .off : .skipped(.body)
            forward(envelope.forwardedBody())
        case .chat(let request):
            resolve(request, directions)
        }
    }

    private func locate() throws(GatewayError) -> ChatRequest.Located {
        do {
            return try ChatRequest.locate(in: call.body, limits: services.settings.requestLimits)
        } catch {
            throw GatewayError(error)
        }
    }

    private func resolve(_ request: ChatRequest, _ directions: MemoryDirections) {
        if directions.namesSession { plan.session = session(directions) }
        guard directions.task == nil else { return passBy(request, .skipped(.sideRequest)) }
        guard directions.mode != .off else { return passBy(request, .off) }
        let outline = RequestOutline(request, isResent: directions.foreignSession?.isResent ?? false)
        guard SideRequest.kind(of: outline) == nil else {
            return passBy(request, .skipped(.sideRequest))
        }
        let session = plan.session ?? session(directions)
        plan.session = session
        let query = Recollection.Query(
            key: session.key, outline: outline, injects: directions.mode.injects,
            declaresTools: request.members.declaresTools)
        guard directions.namesSession, Recollection.isNeeded(query) else {
            return assemble(request, Recollection(unread: query))
        }
        recall(request, query)
    }

    /// Forwards without memory.
    private func passBy(_ request: ChatRequest, _ status: MemoryStatus) {
        plan.status = status
        forward(request.spliced())
    }

    private func session(_ directions: MemoryDirections) -> ExchangePlan.Session {
        let user = directions.user ?? call.caller.user ?? services.settings.defaultUser
        let foreign = directions.foreignSession
        let name = directions.session ?? foreign?.name ?? services.makeSessionName()
        return ExchangePlan.Session(
            key: SessionKey(tenant: call.caller.tenant, user: user, name: name),
            resolution: directions.session != nil ? "explicit" : foreign?.resolution ?? "new")
    }

    /// What the session was told before may still be on its way to the disk: that is waited for.
    private func recall(_ request: ChatRequest, _ query: Recollection.Query) {
        guard services.unsettled.contains(query.key) else { return read(request, query) }
        let ticket = services.commits.makeTicket()
        let pause = RecallPause { [self] missing in
            if let missing { plan.status = .degraded(missing) }
            read(request, query)
            client?.flush()
        }
        do throws(StoreError) {
            try services.storage.apply([], .waiting(ticket: ticket, services.commits.inbox))
            services.commits.wait(ticket, pause)
        } catch {
            plan.status = .degraded(Degradation(error))
            read(request, query)
        }
    }

    /// A warm session is read here; of another one the pages may have to come from the disk, which the loop
    /// does not wait for.
    private func read(_ request: ChatRequest, _ query: Recollection.Query) {
        guard client != nil else { return }
        guard !services.warm.contains(query.key) else {
            return recalled(request, query, Result { try Recollection(query, from: services.storage) })
        }
        let storage = services.storage
        let loop = services.loop
        let back = NIOLoopBound((self, request), eventLoop: loop)
        storage.onReaderThread {
            let result = Result { try Recollection(query, from: storage) }
            loop.execute {
                let (exchange, request) = back.value
                exchange.recalled(request, query, result)
            }
        }
    }

    private func recalled(
        _ request: ChatRequest, _ query: Recollection.Query, _ result: Result<Recollection, any Error>
    ) {
        guard client != nil else { return }
        services.warm.touch(query.key)
        switch result {
        case .success(let recollection):
            assemble(request, recollection)
        case .failure(let error):
            services.logger.error(
                "store: read failed", metadata: ["exchange.id": "\(id)", "error": "\(error)"])
            plan.status = .degraded((error as? StoreError).map(Degradation.init) ?? .storeError)
            assemble(request, Recollection(unread: query))
        }
    }

    /// Puts the window in front, notes what is new, forwards.
    private func assemble(_ request: ChatRequest, _ recollection: Recollection) {
        let resolution = recollection.resolution
        let window = recollection.window.messages
        plan.injected = recollection.window.record
        if let turn = resolution.openTurn { plan.place = .openTurn(node: turn.node, round: turn.round) }
        if directions?.mode.records ?? false {
            plan.recording = services.settings.isAcknowledged ? .acknowledged : .relaxed
            plan.messages = newMessages(request, resolution.new)
        }
        let insertion = ChatRequest.Insertion(before: RequestOutline.leading(request), window)
        forward(request.spliced(inserting: [insertion]))
    }

    private func newMessages(_ request: ChatRequest, _ places: Range<Int>) -> [NewMessage] {
        request.messages[places].map { located in
            let tokens = TokenEstimate.tokens(of: located, in: request.body.readableBytesUInt8Span)
            var message = NewMessage(role: located.role, body: request.bytes(of: located), tokens: tokens)
            message.callsTools = located.role == .assistant && located.callsTools
            return message
        }
    }
}

extension RequestOutline {
    /// The outline of a located request.
    init(_ request: ChatRequest, isResent: Bool) {
        let messages = request.messages.map { message in
            Message(
                role: message.role, body: request.bytes(of: message),
                callsTools: message.role == .assistant && message.callsTools)
        }
        self.init(messages, isResent: isResent)
    }

    /// How many system and developer messages lead a request.
    static func leading(_ request: ChatRequest) -> Int {
        request.messages.prefix { $0.role == .system || $0.role == .developer }.count
    }
}

extension GatewayError {
    /// A body that is refused.
    init(_ error: ChatRequestError) {
        let code = error.code == .invalidID ? Self.idCode(error.member) : "invalid_request"
        self.init(
            error.status, error.status == 413 ? "too_many_messages" : code, error.message, param: error.member
        )
    }

    private static func idCode(_ member: String?) -> String {
        switch member {
        case "memory.session": "invalid_session_id"
        case "memory.user": "invalid_user_id"
        default: "invalid_request"
        }
    }
}
