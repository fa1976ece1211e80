/// A model server and how it is reached; one value per configured upstream, shared by all its requests.
public final class Upstream: Sendable {
    /// Its name in the settings.
    public let name: String
    /// `http` or `https`, host and port, without a path: `http://127.0.0.1:11434`.
    public let origin: String
    /// The base path without a trailing slash: `/v1`, or empty.
    public let basePath: String
    /// A proxy's URL, or nil for none.
    public let proxy: String?
    /// A file of certificate authorities, or nil for the system's.
    public let certificateAuthorities: String?
    /// How long things may take.
    public let limits: UpstreamLimits

    /// Whether it is a server, not the built-in model.
    public var isServer: Bool { origin != Self.demoOrigin }
    /// Stands where the built-in model has no address.
    public static let demoOrigin = "http://demo"

    /// An upstream by its members.
    public init(
        name: String, origin: String, basePath: String, proxy: String? = nil,
        certificateAuthorities: String? = nil, limits: UpstreamLimits = UpstreamLimits()
    ) {
        self.name = name
        self.origin = origin
        self.basePath = basePath
        self.proxy = proxy
        self.certificateAuthorities = certificateAuthorities
        self.limits = limits
    }
}

/// Time limits of an upstream. They stand still while we ourselves hold the upstream back.
public struct UpstreamLimits: Hashable, Sendable {
    /// Until the connection stands.
    public var connect: Duration = .seconds(10)
    /// From the sent request to the reply's head.
    public var firstByte: Duration = .seconds(600)
    /// Between two reads of the reply.
    public var idle: Duration = .seconds(300)
    /// For all of it.
    public var total: Duration = .seconds(3600)
    /// How often a request of which nothing was sent is tried again.
    public var retries: Int = 1

    /// The defaults of the contract.
    public init() {}
}
