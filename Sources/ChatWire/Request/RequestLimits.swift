/// What a request body may hold (settings `limits.depth` and `limits.messages`).
public struct RequestLimits: Hashable, Sendable {
    /// Containers inside each other, 1 to 1,024.
    public var depth = 128
    /// Messages in one request.
    public var messages = 10_000

    /// The defaults of the contract.
    public init() {}
}
