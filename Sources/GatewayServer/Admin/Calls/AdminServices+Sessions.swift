internal import ExchangePipeline
internal import MemoryCore
internal import MemoryStore

/// Sessions, and what was said in them.
extension AdminServices {
    var sessionCalls: [AdminCall] {
        [
            .get("/admin/v1/sessions") { try await sessions($0) },
            .get("/admin/v1/sessions/{id}") { request in
                let (id, tenant) = (try request.id(), request.tenant)
                return AdminReply(
                    try await read { storage in
                        try AdminSession(try storage.one(id, tenant), from: storage)
                    })
            },
            .get("/admin/v1/sessions/{id}/messages") { try await messages($0) },
            .get("/admin/v1/sessions/{id}/summaries") { request in
                let (id, tenant) = (try request.id(), request.tenant)
                return AdminReply(
                    list: try await read { storage in
                        let session = try storage.one(id, tenant)
                        return try storage.summaries(of: session.key).map {
                            AdminSummary(summary: $0, session: session.id)
                        }
                    })
            },
            .post("/admin/v1/sessions/{id}/end") { try await end($0) },
        ]
    }

    private func sessions(_ request: AdminRequest) async throws -> AdminReply {
        let limit = try request.limit()
        var query = SessionQuery(count: limit)
        query.tenant = request.tenant
        query.user = request.parameter("user")
        query.chat = request.parameter("chat")
        query.text = request.parameter("q")
        query.status = try request.choice("status", among: SessionStatus.allCases)
        query.isActive = try request.choice("active", among: [true, false])
        // No session of this version has a state.
        let hasState = request.parameter("state") != nil
        let list =
            "sessions "
            + ["tenant", "user", "chat", "q", "status", "active", "state"].map {
                "\(request.parameter($0)?.utf8.count ?? -1):\(request.parameter($0) ?? "")"
            }.joined()
        query.behind = try request.cursor(of: list).flatMap { SessionCursor(position: $0.position) }
        let wanted = query
        let (page, sessions) = try await read { storage in
            let page = hasState ? SessionPage(wanted) : try storage.sessions(wanted)
            return (page, try page.sessions.map { try AdminSession($0, from: storage) })
        }
        return AdminReply(
            list: sessions, next: page.next.map { AdminCursor(list: list, position: $0.position) },
            counts: [("total", page.total), ("active", page.active)])
    }

    private func messages(_ request: AdminRequest) async throws -> AdminReply {
        let (id, tenant, limit) = (try request.id(), request.tenant, try request.limit())
        let from = try request.number("from_round") ?? 1
        let to = try request.number("to_round") ?? Int.max
        let isAll = request.parameter("branch") == "all"
        let list = "messages \(tenant ?? "") \(id) \(from) \(to) \(isAll)"
        let behind = try request.cursor(of: list).flatMap {
            UInt64(String(decoding: $0.position, as: UTF8.self))
        }
        let (session, all) = try await read { storage in
            let session = try storage.one(id, tenant)
            let branch = SessionBranch(try storage.messages(of: session.key), head: session.snapshot.head)
            return (session.id, branch.listed(rounds: from...max(from, to), isAll: isAll))
        }
        let start = behind.flatMap { node in all.firstIndex { $0.stored.node == node } }.map { $0 + 1 } ?? 0
        let page = all.dropFirst(start).prefix(limit)
        let isLast = start + page.count >= all.count
        let next = isLast ? nil : page.last.map { Array("\($0.stored.node)".utf8) }
        return AdminReply(
            list: page.map { AdminMessage(stored: $0.stored, session: session, isActive: $0.isActive) },
            next: next.map { AdminCursor(list: list, position: $0) }, counts: [("total", all.count)])
    }

    private func end(_ request: AdminRequest) async throws -> AdminReply {
        let (id, tenant, now) = (try request.id(), request.tenant, now())
        let key = try await read { try $0.one(id, tenant).key }
        let receipts = try await commit([.end(SessionEnding(key, at: now, isForced: true))])
        let hasEnded = receipts.first != .ended(.before)
        if hasEnded { sessionEnded(key) }
        let session = try await read { try AdminSession(try $0.one(id, tenant), from: $0) }
        return AdminReply(status: hasEnded ? 202 : 200, session)
    }
}

extension AdminSession {
    /// A session with the number of its summaries.
    init(_ details: SessionDetails, from storage: any MemoryStorage) throws {
        self.init(details: details, summaries: try storage.summaries(of: details.key).count)
    }
}

extension MemoryStorage {
    /// The one session of an id.
    ///
    /// - Throws: 404 where there is none, 400 where two tenants have one.
    func one(_ id: String, _ tenant: String?) throws -> SessionDetails {
        let found = try sessions(withID: id, tenant: tenant)
        guard let first = found.first else {
            throw GatewayError.notFound(
                "There is no session '\(id.prefix(80))'. GET /admin/v1/sessions lists them.")
        }
        guard found.count == 1 else {
            throw GatewayError(
                400, "ambiguous_tenant",
                "Several tenants have a session '\(id.prefix(80))': say which one by tenant=.",
                param: "tenant")
        }
        return first
    }
}

extension SessionCursor {
    /// The place that a cursor of the API holds.
    init?(position: [UInt8]) {
        let parts = String(decoding: position, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, let moment = Int64(parts[0]), let number = UInt64(parts[1]) else {
            return nil
        }
        self.init(lastActive: Timestamp(microseconds: moment), number: number)
    }

    /// As a cursor of the API holds it.
    var position: [UInt8] { Array("\(lastActive.microseconds) \(number)".utf8) }
}
