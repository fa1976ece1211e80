internal import JSONBytes
internal import MemoryCore

/// The `usage` object: tokens as upstreams reported them.
struct AdminUsage: AdminObject {
    let usage: TokenUsage
    /// Whether any part of it was estimated.
    var isEstimated = false

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("prompt_tokens", usage.prompt)
        writer.member("completion_tokens", usage.completion)
        writer.member("total_tokens", usage.prompt + usage.completion)
        writer.member("cached_tokens", usage.cached)
        writer.member("estimated", isEstimated)
    }
}
