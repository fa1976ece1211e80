internal import ChatWire
internal import GatewaySettings
internal import Logging
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import PluginInterface

extension Exchange {
    /// Reads the request, finds its session, recalls what is needed, and forwards.
    func resolve() throws(GatewayError) {
        let settings = state.settings
        var directions = try MemoryDirections(
            call.names, call.headers, from: call.caller, policies: settings.policyNames)
        let located = try locate()
        if let memory = located.envelope.members.memory { try directions.add(memory, call.headers) }
        let claims = ForeignClaims(call.headers, located.envelope.members, by: call.caller)
        // Looked at in any case: a forged identity is refused whoever else is named.
        let claimed = try claims.user(signedBy: settings.openWebUI, at: services.now())
        directions.user = directions.user ?? claimed
        if directions.session == nil { directions.foreignSession = claims.session }
        if directions.task == nil, claims.isSideTask { directions.task = "subagent" }
        self.directions = directions
        plan.members = located.envelope.members
        policy = settings.policy(directions.policy)
        let owner = owner(directions)
        if directions.namesSession { plan.session = named(directions, owner) }
        try admit(owner)
        ends(.admit)
        switch located {
        case .other(let envelope):
            plan.session = nil
            if !plan.status.isDegraded { plan.status = directions.mode == .off ? .off : .skipped(.body) }
            forward(envelope.forwardedBody())
        case .chat(let request):
            resolve(request, directions, owner)
        }
    }

    private func locate() throws(GatewayError) -> ChatRequest.Located {
        do {
            return try ChatRequest.locate(in: call.body, limits: state.settings.requestLimits)
        } catch {
            throw GatewayError(error)
        }
    }

    private func owner(_ directions: MemoryDirections) -> SessionOwner {
        let tenant = call.caller.tenant
        if let chat = directions.chat { return SessionOwner(tenant: tenant, .chat, chat) }
        return SessionOwner(tenant: tenant, .user, user(directions))
    }

    /// Who speaks.
    func user(_ directions: MemoryDirections) -> String {
        directions.user ?? call.caller.user ?? state.settings.defaultUser
    }

    private func resolve(_ request: ChatRequest, _ directions: MemoryDirections, _ owner: SessionOwner) {
        guard directions.task == nil else { return passBy(request, .skipped(.sideRequest)) }
        guard directions.mode != .off else { return passBy(request, .off) }
        let outline = RequestOutline(request, history: history(directions))
        guard SideRequest.kind(of: outline) == nil else {
            return passBy(request, .skipped(.sideRequest))
        }
        if directions.mode.records {
            plan.fingerprints = RetryAnnouncement.fingerprints(
                call.headers, body: call.body, session: plan.session?.key.name)
        }
        findSession(owner) { [self] retriedRound in
            ends(.resolve)
            recall(request, outline, retriedRound)
        }
    }

    /// Forwards without memory.
    private func passBy(_ request: ChatRequest, _ status: MemoryStatus) {
        if !plan.status.isDegraded { plan.status = status }
        forward(request.spliced())
    }

    /// What the client sends of a conversation, as far as its session's kind and the policy say.
    private func history(_ directions: MemoryDirections) -> ClientHistory {
        let isNamed = directions.session != nil
        if !isNamed, directions.foreignSession == nil, scope(directions) != .conversation { return .running }
        switch policy.history {
        case .full: return .whole
        case .newest: return .newest
        case .auto:
            return !isNamed && directions.foreignSession?.isResent ?? false ? .whole : .shown
        }
    }

    private func scope(_ directions: MemoryDirections) -> SessionScope {
        if directions.chat != nil { return .chat }
        return policy.scope == .user ? .user : .conversation
    }

    // MARK: The session

    private func named(_ directions: MemoryDirections, _ owner: SessionOwner) -> ExchangePlan.Session? {
        guard let name = directions.session ?? directions.foreignSession?.name else { return nil }
        return ExchangePlan.Session(
            key: SessionKey(owner, name),
            resolution: directions.session != nil ? "explicit" : directions.foreignSession?.resolution ?? "",
            isKnown: true)
    }

    /// Finds the session of a request: the named one, that of an earlier try, the one its owner is in, or a
    /// new one. Asks the store only where the process does not know.
    ///
    /// - Parameter then: is told the round of an earlier try.
    private func findSession(_ owner: SessionOwner, then: @escaping (Int?) -> Void) {
        guard let directions else { return }
        let scope = scope(directions)
        let isScoped = scope != .conversation && !directions.namesSession
        let fingerprints = plan.fingerprints
        let asksForTries = fingerprints.contains(where: \.isRetry)
        let asksForCurrent = isScoped && services.shared.open.isUnknown(owner)
        guard asksForTries || asksForCurrent else {
            settleSession(owner, nil, isScoped ? scope : nil, stored: nil)
            return then(nil)
        }
        let storage = services.storage
        let now = createdAt
        services.readOffLoop { () throws(StoreError) in
            (
                asksForTries ? try storage.request(fingerprints, of: owner, at: now) : nil,
                asksForCurrent ? try storage.currentSession(of: owner) : nil
            )
        } then: { [self] result in
            guard client != nil else { return }
            var known: KnownRequest?
            var stored: SessionSnapshot?
            switch result {
            case .success(let found): (known, stored) = found
            case .failure(let error): noteFailedRead(error)
            }
            settleSession(owner, known, isScoped ? scope : nil, stored: stored)
            then(known?.session == plan.session?.key ? known?.round : nil)
            client?.flush()
        }
    }

    private func settleSession(
        _ owner: SessionOwner, _ known: KnownRequest?, _ scope: SessionScope?, stored: SessionSnapshot?
    ) {
        defer {
            if let key = plan.session?.key {
                services.shared.announced.note(plan.fingerprints, key, at: createdAt)
            }
        }
        if let key = plan.session?.key {
            plan.session?.isCurrent = services.shared.open.join(owner, key.name, at: createdAt)
            return
        }
        let tried = services.shared.announced.session(of: plan.fingerprints, owner: owner, at: createdAt)
        if let key = known?.session ?? tried {
            plan.session = ExchangePlan.Session(
                key: key, resolution: scope?.rawValue ?? "aligned", isKnown: true,
                isCurrent: services.shared.open.join(owner, key.name, at: createdAt))
        } else if let scope {
            let name = services.shared.open.enter(
                owner, stored: stored, idle: policy.idleMicroseconds, at: createdAt,
                newName: services.makeSessionName)
            plan.session = ExchangePlan.Session(
                key: SessionKey(owner, name), resolution: scope.rawValue, isKnown: true, isCurrent: true)
        } else {
            plan.session = ExchangePlan.Session(
                key: SessionKey(owner, services.makeSessionName()), resolution: "new", isKnown: false)
        }
    }

    func noteFailedRead(_ error: StoreError) {
        services.logger.error(
            "store: read failed", metadata: ["exchange.id": "\(id)", "error": "\(error)"])
        plan.status = .degraded(Degradation(error))
    }
}

extension RequestOutline {
    /// The outline of a located request.
    init(_ request: ChatRequest, history: ClientHistory) {
        let messages = request.messages.map { message in
            Message(
                role: message.role, body: request.bytes(of: message),
                callsTools: message.role == .assistant && message.callsTools)
        }
        self.init(messages, history: history)
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
        case "memory.chat": "invalid_chat_id"
        default: "invalid_request"
        }
    }
}
