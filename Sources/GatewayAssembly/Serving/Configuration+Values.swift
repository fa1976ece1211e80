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
            case .demo: (Self.demoOrigin, "/v1")
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
                    Upstream(settings), patterns: settings.models.map(NamePattern.init),
                    fields: HeaderFields(settings.headers.map(Self.revealed)),
                    ownKey: settings.keyField.map(Self.revealed),
                    keysByCaller: Dictionary(bringing) { first, _ in first },
                    contextTokens: settings.contextTokens.map { (NamePattern($0.name), $0.value) },
                    isVendor: settings.target.isVendor)
            })
    }

    private static func revealed(_ field: (name: String, value: Secret)) -> Field {
        (field.name, field.value.reveal())
    }
}

extension AccessTable {
    /// The keys of the settings.
    ///
    /// - Parameter secret: makes tenants of credentials, where the settings want that.
    init(_ configuration: Configuration, secret: [UInt8]) {
        let callers = configuration.keys.map { key in
            let caller = Caller(
                tenant: key.tenant, key: key.name, user: key.user, policy: key.policy,
                mayAssertUser: key.mayAssertUser, mayChoosePolicy: key.mayChoosePolicy)
            return (key.digest, caller)
        }
        self.init(
            Dictionary(callers) { first, _ in first },
            tenantSecret: configuration.gateway.tenancy == .credential ? secret : nil)
    }
}

extension UpstreamTarget {
    /// Whether it is a vendor's server: one on the web, reached by name and TLS.
    fileprivate var isVendor: Bool {
        guard case .server(let address) = self else { return false }
        return address.scheme == .https && !address.host.isLoopback && address.host.text.contains(".")
    }
}

extension ProxySettings {
    /// The proxy listener's share of the settings.
    ///
    /// - Parameters:
    ///   - secret: makes marks and tenants of credentials.
    ///   - meters: count what plugins do.
    ///   - time: days and hours as people count them.
    convenience init(
        _ configuration: Configuration, secret: [UInt8], _ meters: PluginMeters, _ time: LocalTime
    ) {
        let isShared = configuration.gateway.open || !configuration.keys.isEmpty
        var limits = ConnectionLimits()
        limits.headerBytes = configuration.limits.headers
        limits.connections = configuration.limits.connections
        limits.headTimeout = TimeAmount(configuration.limits.headTimeout)
        limits.bodyTimeout = TimeAmount(configuration.limits.bodyTimeout)
        limits.keepAlive = TimeAmount(configuration.limits.keepAlive)
        limits.writeStall = TimeAmount(configuration.limits.writeStall)
        self.init(
            limits: limits, bodyBytes: configuration.limits.body, origins: configuration.gateway.origins,
            hosts: configuration.gateway.hosts, access: AccessTable(configuration, secret: secret),
            pipeline: PipelineState(
                PipelineSettings(configuration, secret: secret, meters, time), UpstreamTable(configuration)),
            allowedPaths: isShared ? configuration.mainUpstream.paths : nil)
    }
}

extension ProxyShared {
    /// What the loops of a new process share.
    convenience init(logger: Logger) {
        var random = SystemRandomNumberGenerator()
        self.init(
            hopName: "memgate-" + UInt64.random(in: 0...UInt64.max, using: &random).hexDigits, logger: logger)
    }
}

extension PipelineSettings {
    /// The pipeline's share of the settings.
    init(_ configuration: Configuration, secret: [UInt8], _ meters: PluginMeters, _ time: LocalTime) {
        self.init(configuration.policies.map { ExchangePolicy($0.key, $0.value, meters) })
        requestLimits.depth = configuration.limits.depth
        requestLimits.messages = configuration.limits.messages
        replyBytes = configuration.limits.reply
        eventLineBytes = configuration.limits.eventLine
        isAcknowledged = configuration.gateway.durability == .acknowledged
        language = configuration.gateway.language
        localTime = time
        markSecret = secret
        defaultUser = configuration.gateway.defaultUser ?? "default"
        openWebUI = configuration.gateway.openWebUISecret.map {
            SignedIdentity(secret: Array($0.reveal().utf8), issuer: "open-webui")
        }
    }
}

extension ExchangePolicy {
    /// A policy of the settings.
    init(_ name: String, _ policy: Configuration.Policy, _ meters: PluginMeters) {
        self.init(name)
        scope = policy.session.scope
        idleMicroseconds = TimeAmount(policy.session.idle).nanoseconds / 1000
        history = policy.session.history
        makesTitles = policy.session.titles
        mostMessages = policy.maxMessages
        maxTokens = policy.context.maxTokens
        placement = policy.context.placement
        coldMicroseconds = TimeAmount(policy.context.coldAfter).nanoseconds / 1000
        recordDeadline = TimeAmount(policy.record.deadline)
        drainTimeout = TimeAmount(policy.record.drainTimeout)
        chain = PluginChain(policy.chain, meters)
    }
}

extension RetentionRules {
    /// What is kept for how long, by the settings.
    init(_ configuration: Configuration) {
        self.init(
            configuration.policies.mapValues { policy in
                Policy(
                    messages: policy.ttl.messages, sessions: policy.ttl.sessions,
                    exchanges: policy.ttl.exchanges, every: policy.ttl.interval)
            })
    }
}
