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

extension UpstreamTable {
    /// The upstreams of the settings, each with what the keys bring for it.
    init(_ configuration: Configuration) {
        self.init(
            configuration.upstreams.map { settings in
                let bringing = configuration.keys.compactMap { key in
                    key.upstreamKey.map { (key.name, Self.revealed(settings.field(for: $0))) }
                }
                return Entry(
                    Upstream(settings), patterns: settings.models.map(ModelPattern.init),
                    fields: HeaderFields(settings.headers.map(Self.revealed)),
                    ownKey: settings.keyField.map(Self.revealed),
                    keysByCaller: Dictionary(bringing) { first, _ in first })
            })
    }

    private static func revealed(_ field: (name: String, value: Secret)) -> Field {
        (field.name, field.value.reveal())
    }
}

extension AccessTable {
    /// The keys of the settings.
    init(_ configuration: Configuration) {
        let callers = configuration.keys.map { key in
            let caller = Caller(
                tenant: key.tenant, key: key.name, user: key.user, policy: key.policy,
                mayAssertUser: key.mayAssertUser, mayChoosePolicy: key.mayChoosePolicy)
            return (key.digest, caller)
        }
        self.init(Dictionary(callers) { first, _ in first })
    }
}

extension ProxyShared {
    /// The proxy listener's share of the settings.
    convenience init(_ configuration: Configuration, upstreams: UpstreamTable, logger: Logger) {
        let isShared = configuration.gateway.open || !configuration.keys.isEmpty
        var limits = ConnectionLimits()
        limits.headerBytes = configuration.limits.headers
        limits.connections = configuration.limits.connections
        limits.headTimeout = TimeAmount(configuration.limits.headTimeout)
        limits.bodyTimeout = TimeAmount(configuration.limits.bodyTimeout)
        limits.keepAlive = TimeAmount(configuration.limits.keepAlive)
        limits.writeStall = TimeAmount(configuration.limits.writeStall)
        var random = SystemRandomNumberGenerator()
        self.init(
            limits: limits, bodyBytes: configuration.limits.body, origins: configuration.gateway.origins,
            hosts: configuration.gateway.hosts, access: AccessTable(configuration), upstreams: upstreams,
            allowedPaths: isShared ? configuration.mainUpstream.paths : nil,
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
        openWebUI = configuration.gateway.openWebUISecret.map {
            SignedIdentity(secret: Array($0.reveal().utf8), issuer: "open-webui")
        }
        sessionsCached = configuration.limits.sessionsCached
    }
}
