/// Tokens as the upstream reported them.
public struct ReportedUsage: Hashable, Sendable {
    /// `prompt_tokens`.
    public var prompt = 0
    /// `completion_tokens`.
    public var completion = 0
    /// `prompt_tokens_details.cached_tokens`, else `prompt_cache_hit_tokens`: part of `prompt`.
    public var cached = 0

    /// Nothing used.
    public init() {}
}
