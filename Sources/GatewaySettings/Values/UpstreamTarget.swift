/// What stands behind the gateway.
public enum UpstreamTarget: Hashable, Sendable, CustomStringConvertible {
    /// The model that is built in.
    case demo
    /// A server.
    case server(WebAddress)

    /// `demo`, or the URL.
    public var description: String {
        switch self {
        case .demo: "demo"
        case .server(let address): address.description
        }
    }
}
