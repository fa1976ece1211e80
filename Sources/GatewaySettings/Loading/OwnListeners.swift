/// The addresses at which this gateway answers itself.
struct OwnListeners {
    let listeners: [ListenAddress]
    /// Other addresses and names of this machine.
    let ownNames: [HostName]

    /// Whether an upstream would be this gateway.
    func serve(_ target: UpstreamTarget) -> Bool {
        guard case .server(let address) = target else { return false }
        return listeners.contains { $0.isReached(by: address.host, port: address.port, ownNames: ownNames) }
    }

    /// Whether one of them has that port, on whatever host: that of a container is often published under the
    /// same number.
    func use(port: Int) -> Bool { listeners.contains { $0.port == port } }
}
