internal import ChatWire
internal import ExchangePipeline
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import MemoryStore

/// Stands in front of every call: lets in what may come in, and renders what went wrong, wherever it did.
struct AdminGate: RouterMiddleware {
    /// What shows no content needs no token: probes and scrapers have none, and the page asks for it.
    private static let openPaths: Set<String> = ["/healthz", "/readyz", "/metrics", "/admin"]

    let admin: AdminServices

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            try admit(request)
            return try await next(request, context)
        } catch {
            return refuse(error, request)
        }
    }

    private func admit(_ request: Request) throws(GatewayError) {
        let extra = HTTPField.Name("Host").map { request.headers[values: $0] } ?? []
        let hosts = (request.head.authority.map { [$0] } ?? []) + extra
        try admin.settings().rules.checkHost(hosts)
        try checkOrigin(request.headers[values: .origin], host: hosts.first)
        if Self.openPaths.contains(request.uri.path) { return }
        try checkToken(request.headers[.authorization])
    }

    /// Pages of this listener alone may call it: nobody else's are served, CORS or not.
    private func checkOrigin(_ origins: [String], host: String?) throws(GatewayError) {
        guard let origin = origins.first else { return }
        let own = host.map { ["http://\($0)", "https://\($0)"] } ?? []
        if origins.count == 1, own.contains(where: { $0.lowercased() == origin.lowercased() }) { return }
        throw GatewayError(
            403, "origin_not_allowed",
            "Pages of origin '\(origin.prefix(80))' are not served by the admin listener; it has a page of "
                + "its own.")
    }

    private func checkToken(_ field: String?) throws(GatewayError) {
        let parts = (field ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw GatewayError(
                401, "missing_admin_token",
                "The admin listener needs its token, as 'Authorization: Bearer …'. It is in the file "
                    + "admin-token of the data folder, unless gateway.adminToken sets another.")
        }
        guard admin.token.matches(parts[1]) else {
            throw GatewayError(
                401, "invalid_admin_token",
                "This is not the admin listener's token. It is in the file admin-token of the data folder, "
                    + "unless gateway.adminToken sets another.")
        }
    }

    // MARK: What went wrong

    private func refuse(_ error: any Error, _ request: Request) -> Response {
        let refusal = AdminRefusal(error, path: request.uri.path)
        let shown = refusal.error
        let metadata: Logger.Metadata = [
            "status": "\(shown.status)", "code": "\(shown.code)", "reason": "\(shown.loggedMessage)",
        ]
        if shown.status >= 500 {
            admin.logger.error("admin call failed", metadata: metadata)
        } else {
            admin.logger.info("admin call refused", metadata: metadata)
        }
        return refusal.reply.response
    }
}
