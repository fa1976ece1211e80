public import PluginInterface
public import SettingsSchema

/// Everything the gateway was told, checked: made by `load` only, so that what it holds is within its limits.
public struct Configuration: Sendable {
    /// The process and its listeners.
    public let gateway: Gateway
    /// What the proxy listener accepts.
    public let limits: Limits
    /// The store.
    public let store: StoreSettings
    /// The model servers, never empty; the first is the one that serves what no other claims.
    public let upstreams: [UpstreamSettings]
    /// Where a model server may be that nobody named, host by host, in the order in which they are taken;
    /// empty where an upstream is named.
    public let localCandidates: [[LocalCandidate]]
    /// The models that work for the memory itself.
    public let models: Models
    /// The keys of clients; where there are none, nobody needs one.
    public let keys: [Key]
    /// The policies by name; `default` is always there.
    public let policies: [String: Policy]
    /// Where the settings came from, for the banner.
    public let provenance: Provenance

    /// The upstream that serves what no other claims.
    public var mainUpstream: UpstreamSettings { upstreams[0] }

    /// The policy of requests that name none.
    public var defaultPolicy: Policy {
        guard let policy = policies["default"] else {
            preconditionFailure("the default policy is always there")
        }
        return policy
    }

    /// Every setting there is, for help texts and documents.
    public static func schema(_ plugins: PluginCatalogue) -> SettingGroup { RootSchema.group(plugins) }
}
