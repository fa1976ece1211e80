package import Logging
internal import ExchangePipeline
internal import Synchronization
package import UpstreamClient

/// What all loops of the proxy listener share.
package final class ProxyShared: Sendable {
    /// A credential of the settings, which takes the place of the client's own.
    package struct Credential: Sendable {
        /// The field it goes into.
        package var field: String
        /// The field's value: `Bearer …`.
        package var value: String

        /// A credential by field and value.
        package init(field: String, value: String) {
            self.field = field
            self.value = value
        }
    }

    let limits: ConnectionLimits
    let bodyBytes: Int
    let rules: BrowserRules
    let routes: RouteTable
    let upstream: Upstream
    let credential: Credential?
    let allowedPaths: AllowedPaths?
    let hopName: String
    let logger: Logger
    private let openConnections = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    /// - Parameters:
    ///   - bodyBytes: the largest body of a memory route, decoded.
    ///   - origins: further origins whose pages are served.
    ///   - hosts: further names by which the gateway may be called.
    ///   - allowedPaths: which transparent paths are served; nil for all.
    ///   - hopName: names this process in `X-Memory-Hop`.
    package init(
        limits: ConnectionLimits, bodyBytes: Int, origins: [String], hosts: [String], upstream: Upstream, credential: Credential?,
        allowedPaths: [String]?, hopName: String, logger: Logger
    ) {
        self.limits = limits
        self.bodyBytes = bodyBytes
        rules = BrowserRules(origins: origins, hosts: hosts)
        routes = RouteTable(basePath: upstream.basePath)
        self.upstream = upstream
        self.credential = credential
        self.allowedPaths = allowedPaths.map(AllowedPaths.init)
        self.hopName = hopName
        self.logger = logger
    }

    /// Whether the gateway is shutting down.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// From now on requests are refused.
    package func startDraining() { draining.store(true, ordering: .relaxed) }

    /// Connections that are open now.
    package var connectionCount: Int { openConnections.load(ordering: .relaxed) }

    /// - Returns: how many are open, this one included.
    func connectionOpened() -> Int { openConnections.add(1, ordering: .relaxed).newValue }

    func connectionClosed() { openConnections.subtract(1, ordering: .relaxed) }

    /// - Throws: 403 for a path that an open gateway does not serve.
    func checkPath(_ request: RequestHead) throws(GatewayError) {
        guard let allowedPaths, !allowedPaths.allows(method: request.method, path: request.target.path) else { return }
        throw GatewayError(
            403, "path_not_allowed",
            "This gateway is open to others and does not pass '\(request.target.path.prefix(80))' on; allow it in "
                + "upstreams.paths.")
    }
}
