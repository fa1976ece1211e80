package import ExchangePipeline
package import GatewaySettings

/// What a reload replaces of the proxy listener, the pipeline's share included. A request keeps to the one it
/// began with.
package final class ProxySettings: Sendable {
    let limits: ConnectionLimits
    let bodyBytes: Int
    let rules: BrowserRules
    let access: AccessTable
    let pipeline: PipelineState
    let allowedPaths: [PathRule]?

    /// - Parameters:
    ///   - bodyBytes: the largest body of a memory route, decoded.
    ///   - origins: further origins whose pages are served.
    ///   - hosts: further names by which the gateway may be called.
    ///   - allowedPaths: which transparent paths are served; nil for all.
    package init(
        limits: ConnectionLimits, bodyBytes: Int, origins: [OriginPattern], hosts: [HostName],
        access: AccessTable, pipeline: PipelineState, allowedPaths: [PathRule]?
    ) {
        self.limits = limits
        self.bodyBytes = bodyBytes
        rules = BrowserRules(origins: origins, hosts: hosts)
        self.access = access
        self.pipeline = pipeline
        self.allowedPaths = allowedPaths
    }

    /// The model servers.
    var upstreams: UpstreamTable { pipeline.upstreams }
    /// The policies by name.
    var policies: [String: ExchangePolicy] { pipeline.settings.policies }

    /// - Throws: 403 for a path that an open gateway does not serve.
    func checkPath(_ request: RequestHead) throws(GatewayError) {
        guard let allowedPaths else { return }
        let (method, path) = (request.method, request.target.path)
        if allowedPaths.contains(where: { $0.allows(method: method, path: path) }) { return }
        throw GatewayError(
            403, "path_not_allowed",
            "This gateway serves several people and does not pass '\(request.target.path.prefix(80))' on; "
                + "allow it in upstreams.paths.")
    }
}
