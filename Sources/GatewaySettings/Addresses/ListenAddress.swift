/// Where a listener listens: host and port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// The host.
    public let host: HostName
    /// The port; 0 lets the system choose one.
    public let port: Int

    /// An address by its parts.
    public init(host: HostName, port: Int) {
        self.host = host
        self.port = port
    }

    /// The address that `host:port` spells.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let host = HostName(String(text[..<colon])),
            let port = Self.port(text[text.index(after: colon)...])
        else { return nil }
        self.init(host: host, port: port)
    }

    /// A port in decimal digits.
    static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(text), port <= 65535
        else { return nil }
        return port
    }

    /// `host:port`.
    public var description: String { "\(host):\(port)" }

    /// Whether both cannot be listened on at once.
    func collides(with other: ListenAddress) -> Bool {
        guard port != 0, port == other.port else { return false }
        return host == other.host || host.isAny || other.host.isAny
            || (host.isLoopback && other.host.isLoopback)
    }

    /// Whether a connection to a host and port ends here.
    ///
    /// All loopback addresses count as one: who mixes `localhost`, `127.0.0.1` and `::1` means the same.
    ///
    /// - Parameter ownNames: other addresses and names of this machine.
    func isReached(by host: HostName, port: Int, ownNames: [HostName]) -> Bool {
        guard self.port != 0, self.port == port else { return false }
        if host == self.host { return true }
        if self.host.isAny { return host.isLoopback || host.isAny || ownNames.contains(host) }
        if self.host.isLoopback { return host.isLoopback || host.isAny }
        return false
    }
}
