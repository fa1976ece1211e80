/// Where a request goes below an upstream's base, before it is known which upstream it is.
package enum UpstreamPath: Hashable, Sendable {
    /// Behind the base, as OpenAI's own paths: what follows `/v1`, query included.
    case versioned(String)
    /// Behind the base without its `/v1`: the whole path, query included.
    case plain(String)

    /// The path as conditions look at it: `/v1/chat/completions`.
    var withoutQuery: String {
        let path =
            switch self {
            case .versioned(let rest): "/v1" + rest
            case .plain(let path): path
            }
        guard let query = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return path }
        return String(path[..<query])
    }

    /// The target at an upstream with this base path (`/v1`, or empty).
    package func target(below basePath: String) -> String {
        switch self {
        case .versioned(let rest):
            let target = basePath + rest
            return target.isEmpty ? "/" : target
        case .plain(let path):
            return (basePath.hasSuffix("/v1") ? basePath.dropLast(3) : basePath[...]) + path
        }
    }
}
