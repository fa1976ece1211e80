/// Why there is no whole reply.
public struct UpstreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: Hashable, Sendable {
        /// No connection: refused, name unknown, TLS not trusted.
        case unreachable
        /// A time limit passed; which one is in the context.
        case timeout
        /// The connection ended before the reply did.
        case cut
        /// The reply is not HTTP.
        case malformed
        /// We could not even start.
        case internalFault
    }

    /// Whether the request may be sent again.
    public enum Retry: Hashable, Sendable {
        /// Nothing of it was sent.
        case safe
        /// Part of it was, so it may have had its effect.
        case unsafe
    }

    /// The kind.
    public let code: Code
    /// Whether it may be sent again.
    public let retry: Retry
    /// What was found, without addresses of ours or credentials.
    public let context: String

    /// A failure by its members.
    public init(_ code: Code, retry: Retry, _ context: String) {
        self.code = code
        self.retry = retry
        self.context = context
    }

    /// The context, for people.
    public var description: String { context }
}
