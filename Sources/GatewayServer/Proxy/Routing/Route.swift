internal import ExchangePipeline
internal import UpstreamClient

/// Where a request goes.
enum Route: Equatable {
    /// `POST …/chat/completions`: memory works on it. The target at the upstream.
    case chatCompletions(String)
    /// Something of our own.
    case own(Substring)
    /// Anything else, passed through. The target at the upstream.
    case transparent(String)
}

/// The path rules: which upstream target a path stands for.
struct RouteTable {
    /// OpenAI's own names, which clients also send without `/v1`.
    private static let openAINames: Set<Substring> = [
        "models", "chat", "completions", "embeddings", "responses", "audio", "images", "files",
        "moderations", "uploads", "batches", "fine_tuning", "assistants", "threads", "vector_stores",
        "conversations", "realtime", "videos", "containers", "evals", "rerank", "engines",
    ]

    /// The upstream's base path, without a trailing slash.
    let basePath: String

    /// The route of a method and a path without base-URL segments.
    func route(method: String, _ target: RequestTarget) -> Route {
        let (isVersioned, rest) = Self.withoutVersion(target.path)
        if isVersioned, Self.firstSegment(rest) == "memory" { return .own(rest) }
        guard isVersioned || Self.openAINames.contains(Self.firstSegment(rest)) else {
            return .transparent("\(baseWithoutVersion)\(target.path)\(target.query)")
        }
        let upstreamTarget = "\(basePath)\(rest)\(target.query)"
        let reachable = upstreamTarget.isEmpty ? "/" : upstreamTarget
        return method == "POST" && rest == "/chat/completions"
            ? .chatCompletions(reachable) : .transparent(reachable)
    }

    private var baseWithoutVersion: Substring {
        basePath.hasSuffix("/v1") ? basePath.dropLast(3) : basePath[...]
    }

    /// `/v1/models` → (true, /models); `/v1` → (true, ""); `/models` → (false, /models).
    private static func withoutVersion(_ path: Substring) -> (Bool, Substring) {
        guard path.utf8.starts(with: "/v1".utf8) else { return (false, path) }
        let rest = path.utf8.dropFirst(3)
        let isWhole = rest.first == nil || rest.first == UInt8(ascii: "/")
        return isWhole ? (true, path[rest.startIndex...]) : (false, path)
    }

    private static func firstSegment(_ path: Substring) -> Substring {
        let bytes = path.utf8.dropFirst()
        return path[bytes.startIndex..<(bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex)]
    }
}
