/// The host of an address: numeric, or a name to look up.
public struct HostName: Hashable, Sendable, CustomStringConvertible {
    /// The numeric address; nil for a name.
    public let address: IPAddress?
    /// As sockets and resolvers take it: lower case, without brackets.
    public let text: String

    /// The host that a text spells; version 6 addresses stand in brackets.
    public init?(_ text: String) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inner = String(text.dropFirst().dropLast())
            guard inner.contains(":"), let address = IPAddress(inner) else { return nil }
            self.address = address
            self.text = inner.lowercased()
            return
        }
        guard Self.isName(text), !text.contains(":") else { return nil }
        address = IPAddress(text)
        // `127.1` and `2130706433` are addresses to some resolvers and names to others.
        if address == nil, text.lastLabelIsNumeric { return nil }
        self.text = text.lowercased()
    }

    /// Whether only this machine can reach it: `127.0.0.0/8`, `::1`, `localhost`, `*.localhost`.
    public var isLoopback: Bool {
        if let address { return address.isLoopback }
        return text == "localhost" || text.hasSuffix(".localhost")
    }

    /// Whether it is of this machine or of a network around it: a name without a dot is one of those too.
    public var isLocal: Bool {
        if let address { return address.isLoopback || address.isPrivate }
        return isLoopback || !text.contains(".") || text == "host.docker.internal" || text.hasSuffix(".local")
    }

    /// Whether it stands for every address of this machine: `0.0.0.0`, `::`.
    public var isAny: Bool { address?.isAny == true }

    /// As URLs write it: version 6 addresses in brackets.
    public var description: String { text.contains(":") ? "[\(text)]" : text }

    private static func isName(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
                        || byte == 0x5F
                }
        }
    }
}

extension String {
    /// Whether the part behind the last dot is a number, decimal or hexadecimal.
    fileprivate var lastLabelIsNumeric: Bool {
        guard let label = split(separator: ".").last?.lowercased() else { return false }
        return label.hasPrefix("0x") || label.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
