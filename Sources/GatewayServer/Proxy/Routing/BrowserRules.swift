internal import ChatWire
internal import ExchangePipeline

/// Who may speak to a gateway from a browser: the rules for `Origin` and `Host`, and what CORS answers.
struct BrowserRules {
    /// Response fields of ours that a page may read.
    private static let exposed =
        "X-Session-Id, X-Memory-Session, X-Memory-Status, X-Memory-Injected, X-Memory-State, X-Memory-Exchange, "
        + "X-Memory-Budget, Retry-After, X-Request-Id"

    private let origins: [String]
    private let hosts: [String]

    /// Rules with the settings' further origins (`*` stands for an extension's id) and hosts.
    init(origins: [String], hosts: [String]) {
        self.origins = origins.map { $0.lowercased() }
        self.hosts = hosts.map { $0.lowercased() }
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
            "Pages of origin '\(origin.prefix(80))' are not served. Add it to gateway.origins in plugins.json if you "
                + "trust it.")
    }

    /// - Throws: 421 for a `Host` that a page could have pointed at this machine by DNS.
    func checkHost(_ headers: HeaderFields) throws(GatewayError) {
        let given = headers.all("Host")
        guard let field = given.first else { return }
        let host = Self.hostName(field.lowercased())
        if given.count == 1, Self.isSafe(host: host) || hosts.contains(host) { return }
        throw GatewayError(
            421, "host_not_allowed",
            "The Host '\(field.prefix(80))' is not one of this gateway's. Use an address or 'localhost' in the base "
                + "URL, or add the name to gateway.hosts in plugins.json.")
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
        let prefix = "access-control-"
        return name.utf8.count > prefix.utf8.count && String(name.prefix(prefix.count)).matchesFieldName(prefix)
    }

    private func allows(origin: String) -> Bool {
        for scheme in ["app:", "tauri:", "vscode-webview:", "vscode-file:"] where origin.hasPrefix(scheme) {
            return true
        }
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            if Self.isLoopback(Self.hostName(String(origin.dropFirst(scheme.count)))) { return true }
        }
        return origins.contains { Self.matches($0, origin) }
    }

    /// `*` stands for one run of characters without `/`, `:` and `.`: an extension's id, never a domain.
    private static func matches(_ pattern: String, _ origin: String) -> Bool {
        guard let star = pattern.firstIndex(of: "*") else { return pattern == origin }
        let front = pattern[..<star]
        let back = pattern[pattern.index(after: star)...]
        guard origin.count > front.count + back.count, origin.hasPrefix(front), origin.hasSuffix(back) else {
            return false
        }
        let middle = origin.dropFirst(front.count).dropLast(back.count)
        return !middle.contains { $0 == "/" || $0 == ":" || $0 == "." }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" || IPv4.isLoopback(host)
    }

    private static func isSafe(host: String) -> Bool {
        if host.hasPrefix("[") || IPv4.isAddress(host) { return true }
        return !host.isEmpty
            && (!host.contains(".") || host.hasSuffix(".localhost") || host == "host.docker.internal")
    }

    /// Without the port.
    private static func hostName(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}

/// Dotted addresses.
private enum IPv4 {
    static func isAddress(_ host: String) -> Bool {
        octets(host) != nil
    }

    static func isLoopback(_ host: String) -> Bool {
        octets(host)?.first == 127
    }

    private static func octets(_ host: String) -> [Int]? {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let numbers = parts.compactMap { part in
            part.utf8.count <= 3 && part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
        }
        return numbers.count == 4 && numbers.allSatisfy { $0 <= 255 } ? numbers : nil
    }
}
