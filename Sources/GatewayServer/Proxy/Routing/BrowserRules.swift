internal import ChatWire
internal import ExchangePipeline
internal import GatewaySettings

/// Who may speak to a gateway from a browser: the rules for `Origin` and `Host`, and what CORS answers.
struct BrowserRules {
    /// Response fields of ours that a page may read.
    private static let exposed =
        "X-Session-Id, X-Memory-Session, X-Memory-Status, X-Memory-Injected, X-Memory-State, "
        + "X-Memory-Exchange, X-Memory-Budget, Retry-After, X-Request-Id"

    private let origins: [OriginPattern]
    private let hosts: [HostName]

    /// Rules with the settings' further origins (`*` stands for an extension's id) and hosts.
    init(origins: [OriginPattern], hosts: [HostName]) {
        self.origins = origins
        self.hosts = hosts
    }

    /// The request's `Origin` if it may be served; nil where there is none.
    ///
    /// - Throws: 403 for another one, `null` included.
    func admittedOrigin(_ headers: HeaderFields) throws(GatewayError) -> String? {
        let given = headers.all("Origin")
        guard let origin = given.first else { return nil }
        if given.count == 1, allows(origin: origin.lowercased()) { return origin }
        throw GatewayError(
            403, "origin_not_allowed",
            "Pages of origin '\(origin.prefix(80))' are not served. Add it to gateway.origins in "
                + "plugins.json if you trust it.")
    }

    /// - Parameter given: the values of the request's `Host` fields.
    /// - Throws: 421 for a `Host` that a page could have pointed at this machine by DNS.
    func checkHost(_ given: [String]) throws(GatewayError) {
        guard let field = given.first else { return }
        if given.count == 1, let host = HostName(Self.hostName(field.lowercased())) {
            if Self.isSafe(host) || hosts.contains(host) { return }
        }
        throw GatewayError(
            421, "host_not_allowed",
            "The Host '\(field.prefix(80))' is not one of this gateway's. Use an address or 'localhost' in "
                + "the base URL, or add the name to gateway.hosts in plugins.json.")
    }

    /// Puts our CORS fields in the place of the upstream's.
    static func addFields(for origin: String, to headers: inout HeaderFields) {
        headers.pairs.removeAll { isAccessControl($0.0) }
        headers.append("Access-Control-Allow-Origin", origin)
        headers.append("Access-Control-Expose-Headers", exposed)
        headers.append("Vary", "Origin")
    }

    /// The answer to a preflight: what was asked for is allowed.
    static func preflight(_ request: HeaderFields, origin: String) -> ReplyHead {
        var headers = HeaderFields([("Content-Length", "0")])
        addFields(for: origin, to: &headers)
        if let method = request.first("Access-Control-Request-Method") {
            headers.append("Access-Control-Allow-Methods", method)
        }
        if let names = request.first("Access-Control-Request-Headers") {
            headers.append("Access-Control-Allow-Headers", names)
        }
        if request.first("Access-Control-Request-Private-Network") == "true" {
            headers.append("Access-Control-Allow-Private-Network", "true")
        }
        headers.append("Access-Control-Max-Age", "600")
        return ReplyHead(status: 204, reason: "", headers: headers)
    }

    /// Whether a request is a preflight.
    static func isPreflight(method: String, _ headers: HeaderFields) -> Bool {
        method == "OPTIONS" && headers.contains("Access-Control-Request-Method")
    }

    private static func isAccessControl(_ name: String) -> Bool {
        name.hasFieldPrefix("access-control-")
    }

    private func allows(origin: String) -> Bool {
        for scheme in ["app:", "tauri:", "vscode-webview:", "vscode-file:"] where origin.hasPrefix(scheme) {
            return true
        }
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            let host = HostName(Self.hostName(String(origin.dropFirst(scheme.count))))
            if host?.isLoopback ?? false { return true }
        }
        return origins.contains { $0.matches(origin) }
    }

    /// A page cannot make its own name mean this machine if the name is an address or can only be local.
    private static func isSafe(_ host: HostName) -> Bool {
        host.address != nil || !host.text.contains(".") || host.isLoopback
            || host.text == "host.docker.internal"
    }

    /// Without the port.
    private static func hostName(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            // What follows can only be a port: '[::1].evil.example' is no address.
            return rest.isEmpty || rest.hasPrefix(":") ? String(authority[...end]) : authority
        }
        return String(authority.prefix { $0 != ":" })
    }
}
