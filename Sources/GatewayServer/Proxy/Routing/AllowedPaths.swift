/// Which transparent paths an open gateway serves: a shared credential must not reach one person's files from
/// another's request.
struct AllowedPaths {
    /// The default of `upstreams.paths`.
    static let standard = [
        "models", "chat", "completions", "embeddings", "rerank", "moderations", "audio", "images", "POST responses",
        "/api/chat", "/api/generate", "/api/tags", "/api/show", "/api/ps", "/api/version", "/api/embed",
    ]

    private struct Entry {
        var method: Substring?
        var path: Substring
    }

    private let entries: [Entry]

    /// Entries are a name under `/v1` (`models`), or a path (`/api/chat`), either with a method in front.
    init(_ paths: [String]) {
        entries = paths.map { text in
            let parts = text.split(separator: " ", maxSplits: 1)
            let path = parts.last ?? ""
            return Entry(method: parts.count == 2 ? parts[0] : nil, path: path)
        }
    }

    /// Whether a request may pass.
    func allows(method: String, path: Substring) -> Bool {
        let name = path.hasPrefix("/v1/") ? path.dropFirst(3) : path
        return entries.contains { entry in
            guard entry.method == nil || entry.method.map({ $0 == method }) ?? true else { return false }
            let wanted = entry.path.hasPrefix("/") ? entry.path : "/" + entry.path
            guard entry.path.hasPrefix("/") else { return Self.covers(wanted, name) }
            return Self.covers(wanted, path)
        }
    }

    private static func covers(_ wanted: Substring, _ path: Substring) -> Bool {
        guard path.hasPrefix(wanted) else { return false }
        let rest = path.dropFirst(wanted.count)
        return rest.isEmpty || rest.first == "/"
    }
}
