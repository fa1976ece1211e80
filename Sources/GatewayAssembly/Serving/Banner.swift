internal import FoundationEssentials
internal import GatewaySettings
internal import MemoryStore
internal import PluginInterface
internal import SystemCalls

/// What a start says: where clients go, which model answers, where memory is kept, what recovery did.
struct Banner {
    private let gateway: Gateway
    private let isOnTerminal: Bool

    /// - Parameter isOnTerminal: whether secrets may be said, since nobody keeps what is said.
    init(_ gateway: Gateway, isOnTerminal: Bool) {
        self.gateway = gateway
        self.isOnTerminal = isOnTerminal
    }

    /// The lines, each ended.
    var text: String {
        let configuration = gateway.configuration
        var lines = [
            ("memgate", VersionCommand.version),
            ("base URL", "\(gateway.proxyAddress)\(userSegment)/v1   ← give this to your client"),
            ("admin", adminLine),
        ]
        for (place, upstream) in configuration.upstreams.enumerated() {
            let reason = place == 0 ? " (\(configuration.provenance.upstream.reason))" : ""
            let models =
                configuration.upstreams.count > 1 ? ": \(upstream.models.joined(separator: ", "))" : ""
            lines.append(("upstream", "\(upstream.target)\(reason)\(models)"))
        }
        lines += [
            ("store", storeLine),
            ("settings", configuration.provenance.file ?? "no plugins.json: the defaults hold"),
            ("time zone", configuration.gateway.timeZone ?? "\(LocalZone.systemName), the system's"),
        ]
        let chain = configuration.defaultPolicy.chain.map(\.name)
        lines.append(("plugins", chain.isEmpty ? "none: nothing is added" : chain.joined(separator: ", ")))
        let others = configuration.policies.keys.filter { $0 != "default" }.sorted()
        lines.append(("policies", (["default"] + others).joined(separator: ", ")))
        if !configuration.keys.isEmpty {
            let count = configuration.keys.count
            lines.append(("keys", "\(count == 1 ? "one" : "\(count)"); a request without one is refused"))
        }
        if let due = gateway.dueAtStart { lines.append(("due", due)) }
        if gateway.interruptedQuestions > 0 {
            let count = gateway.interruptedQuestions
            lines.append(("recovered", "\(count) questions without a reply, kept as interrupted"))
        }
        for note in configuration.provenance.notes { lines.append(("note", note)) }
        return lines.map { name, value in Self.padded(name) + value + "\n" }.joined()
    }

    /// Gives the person at this machine a name; where keys say who it is, they do.
    private var userSegment: String { gateway.configuration.keys.isEmpty ? "/u/\(Self.userName)" : "" }

    private var adminLine: String {
        let address = "\(gateway.adminAddress)/admin"
        return switch gateway.adminToken.source {
        case .settings(let reference): "\(address), its token is gateway.adminToken, \(reference)"
        case .file(let path) where !isOnTerminal: "\(address), its token is in \(path)"
        case .file, .run: isOnTerminal ? "\(address)#token=\(gateway.adminToken.text)" : address
        }
    }

    private var storeLine: String {
        let path = "\(gateway.configuration.gateway.data)/memory"
        guard let statistics = try? gateway.storage.statistics() else { return path }
        return "\(path), \(statistics.usedBytes / 1024) KiB, \(statistics.sessions) sessions, "
            + "\(statistics.messages) messages"
    }

    private static func padded(_ name: String) -> String {
        name + String(repeating: " ", count: max(1, 11 - name.count))
    }

    /// The login name, as far as a path can hold it.
    private static var userName: String {
        let environment = ProcessInfo.processInfo.environment
        let name = environment["LOGNAME"] ?? environment["USER"] ?? "me"
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
            }
        return isPlain ? name : "me"
    }
}
