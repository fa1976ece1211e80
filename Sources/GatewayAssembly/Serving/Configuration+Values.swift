internal import ChatWire
internal import ExchangePipeline
internal import GatewayServer
internal import GatewaySettings
internal import Logging
internal import MemoryCore
internal import NIOCore
internal import SettingsSchema
internal import UpstreamClient

// How settings become the values that each target works with.

extension Upstream {
    /// The upstream of the settings.
    convenience init(_ settings: Configuration.UpstreamSettings) {
        var limits = UpstreamLimits()
        limits.connect = settings.connectTimeout
        limits.firstByte = settings.firstByteTimeout
        limits.idle = settings.idleTimeout
        limits.total = settings.totalTimeout
        limits.retries = settings.retries
        let (origin, basePath) =
            switch settings.target {
            case .demo: ("http://demo", "/v1")
            case .server(let address): (address.origin, address.basePath)
            }
        self.init(
            name: settings.name, origin: origin, basePath: basePath, proxy: settings.proxy?.reveal(),
            certificateAuthorities: settings.certificateAuthorities, limits: limits)
    }
}

extension ProxyShared {
    /// The proxy listener's share of the settings.
    convenience init(_ configuration: Configuration, upstream: Upstream, logger: Logger) {
        let settings = configuration.mainUpstream
        var limits = ConnectionLimits()
        limits.headerBytes = configuration.limits.headers
        limits.connections = configuration.limits.connections
        limits.headTimeout = TimeAmount(configuration.limits.headTimeout)
        limits.bodyTimeout = TimeAmount(configuration.limits.bodyTimeout)
        limits.keepAlive = TimeAmount(configuration.limits.keepAlive)
        limits.writeStall = TimeAmount(configuration.limits.writeStall)
        var fields = settings.headers.map { ($0.name, $0.value.reveal()) }
        if let key = settings.keyField { fields.append((key.name, key.value.reveal())) }
        var random = SystemRandomNumberGenerator()
        self.init(
            limits: limits, bodyBytes: configuration.limits.body, origins: configuration.gateway.origins,
            hosts: configuration.gateway.hosts, upstream: upstream, upstreamFields: HeaderFields(fields),
            allowedPaths: configuration.gateway.open ? settings.paths : nil,
            hopName: "memgate-" + UInt64.random(in: 0...UInt64.max, using: &random).hexDigits, logger: logger)
    }
}

extension PipelineSettings {
    /// The pipeline's share of the settings.
    init(_ configuration: Configuration) {
        self.init()
        requestLimits.depth = configuration.limits.depth
        requestLimits.messages = configuration.limits.messages
        replyBytes = configuration.limits.reply
        eventLineBytes = configuration.limits.eventLine
        isAcknowledged = configuration.gateway.durability == .acknowledged
        recordDeadline = TimeAmount(configuration.defaultPolicy.record.deadline)
        drainTimeout = TimeAmount(configuration.defaultPolicy.record.drainTimeout)
        defaultUser = configuration.gateway.defaultUser ?? "default"
        sessionsCached = configuration.limits.sessionsCached
    }
}
