internal import ExchangePipeline

/// Where a request goes.
enum Route: Equatable {
    /// `POST …/chat/completions`: memory works on it.
    case chatCompletions(UpstreamPath)
    /// Something of our own.
    case own(Substring)
    /// Anything else, passed through.
    case transparent(UpstreamPath)
}

/// The path rules: which upstream target a path stands for.
enum RouteTable {
    /// OpenAI's own names, which clients also send without `/v1`.
    private static let openAINames: Set<Substring> = [
        "models", "chat", "completions", "embeddings", "responses", "audio", "images", "files",
        "moderations", "uploads", "batches", "fine_tuning", "assistants", "threads", "vector_stores",
        "conversations", "realtime", "videos", "containers", "evals", "rerank", "engines",
    ]

    /// The route of a method and a path without base-URL segments.
    static func route(method: String, _ target: RequestTarget) -> Route {
        let (isVersioned, rest) = withoutVersion(target.path)
        if isVersioned, firstSegment(rest) == "memory" { return .own(rest) }
        guard isVersioned || openAINames.contains(firstSegment(rest)) else {
            return .transparent(.plain("\(target.path)\(target.query)"))
        }
        let path = UpstreamPath.versioned("\(rest)\(target.query)")
        return method == "POST" && rest == "/chat/completions" ? .chatCompletions(path) : .transparent(path)
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
