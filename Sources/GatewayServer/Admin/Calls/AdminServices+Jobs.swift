internal import ExchangePipeline
internal import MemoryCore
internal import MemoryStore

/// Background work.
extension AdminServices {
    var jobCalls: [AdminCall] {
        [
            .get("/admin/v1/jobs") { try await jobs($0) },
            .post("/admin/v1/jobs/{id}/retry") { try await retry($0) },
        ]
    }

    private func jobs(_ request: AdminRequest) async throws -> AdminReply {
        let (limit, tenant, session) = (try request.limit(), request.tenant, request.parameter("session"))
        let status = try request.choice("status", among: Job.Status.allCases)
        let list = "jobs \(tenant ?? "") \(session ?? "") \(status?.name ?? "")"
        let earlier = try request.cursor(of: list).flatMap {
            UInt64(String(decoding: $0.position, as: UTF8.self))
        }
        let stopped = workStopped()
        let page = try await read { storage in
            let key = try session.map { try storage.one($0, tenant).key }
            return try storage.jobs(before: earlier, count: limit + 1) { job in
                (status == nil || job.status == status) && (key == nil || job.session == key)
                    && (tenant == nil || job.session?.tenant == tenant)
            }.map { try AdminJob($0, from: storage, stopped: stopped) }
        }
        let next = page.count > limit ? page[limit - 1].job.id : nil
        return AdminReply(
            list: Array(page.prefix(limit)),
            next: next.map { AdminCursor(list: list, position: Array("\($0)".utf8)) })
    }

    private func retry(_ request: AdminRequest) async throws -> AdminReply {
        let text = try request.id()
        let unknown = GatewayError.notFound(
            "There is no job '\(text.prefix(80))'. GET /admin/v1/jobs lists them.")
        guard let id = UInt64(text), try await read({ try $0.job(id) }) != nil else { throw unknown }
        let receipts = try await commit([.step(JobStep(id, .again, at: now()))])
        guard receipts.first == .kept else {
            throw GatewayError(
                409, "not_retryable", "The job is to be done already, or another one has taken its place.")
        }
        wake()
        let stopped = workStopped()
        let found = try await read { storage in
            try storage.job(id).map { try AdminJob($0, from: storage, stopped: stopped) }
        }
        guard let job = found else { throw unknown }
        return AdminReply(job)
    }
}

extension AdminJob {
    /// A job with its session's id.
    ///
    /// - Parameter stopped: why servers are not asked, by their upstreams' names.
    init(_ job: Job, from storage: any MemoryStorage, stopped: [String: String]) throws {
        let session = try job.session.flatMap { try storage.details(of: $0) }
        let obstacle = session.flatMap { stopped[$0.life.terms.upstream] }
        self.init(job: job, session: session?.id ?? job.session?.name, obstacle: obstacle)
    }
}
