internal import ChatWire
internal import ExchangePipeline
internal import GatewaySettings
internal import MemoryCore
internal import MemoryJobs
internal import SettingsSchema
internal import UpstreamClient

/// What calls of our own go by; swapped whole at a reload.
struct ModelSettings: Sendable {
    let models: Configuration.Models
    let upstreams: UpstreamTable
    /// Addresses of servers on this machine or around it.
    let local: Set<String>
    let language: Language

    init(_ configuration: Configuration) {
        models = configuration.models
        upstreams = UpstreamTable(configuration)
        local = Set(
            configuration.upstreams.compactMap { settings in
                guard case .server(let address) = settings.target, address.host.isLocal else { return nil }
                return address.origin
            })
        language = configuration.gateway.language
    }

    func use(_ purpose: ModelPurpose) -> Configuration.Models.Use {
        switch purpose {
        case .summary: models.summary
        case .title: models.title
        }
    }

    /// The server that is asked: the one of the settings, else the session's own.
    func entry(_ use: Configuration.Models.Use, _ session: SessionTerms) -> UpstreamTable.Entry {
        let name = use.upstream ?? session.upstream
        if let entry = upstreams.entries.first(where: { $0.upstream.name == name }) { return entry }
        return upstreams.entry(for: use.model ?? session.model)
    }

    /// Whether calls to a server make way for chats.
    func yields(_ use: Configuration.Models.Use, to upstream: Upstream) -> Bool {
        use.yield ?? local.contains(upstream.origin)
    }
}
