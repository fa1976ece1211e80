/// How many tokens may be added to a request.
public struct ContextBudget: Hashable, Sendable {
    /// With less than this nothing is added.
    public static let least = 300
    /// The window of a model of which none is known.
    public static let assumedWindow = 4096
    /// The reply's share where the request says nothing of it.
    public static let assumedReply = 1024

    /// What may be added, in the model's tokens; may be negative.
    public let tokens: Int
    /// The factor that makes estimates the model's tokens.
    public let scale: Double

    /// Three quarters of the window, less what the client sends and what the reply takes; a setting is an
    /// upper bound on that.
    ///
    /// - Parameters:
    ///   - window: what the model takes, in tokens.
    ///   - client: estimated tokens of the client's messages and schemas.
    ///   - reply: tokens that the request leaves to the reply; 0 and less say nothing, as servers take them.
    ///   - setting: `context.maxTokens`.
    ///   - scale: the model's tokens in an estimated one.
    public init(window: Int, client: Int, reply: Int?, setting: Int?, scale: Double = 1) {
        // What a client asks for can be any number; more than the window says no more than all of it.
        let reply = min(reply.flatMap { $0 > 0 ? $0 : nil } ?? Self.assumedReply, window)
        let left = Double(window) * 0.75 - Double(client) * scale - Double(reply)
        tokens = min(Int(left.rounded(.down)), setting ?? Int.max)
        self.scale = scale
    }

    /// Whether anything is added at all.
    public var isEnough: Bool { tokens >= Self.least }

    /// What may be added, in estimated tokens.
    public var estimated: Int { max(0, Int((Double(tokens) / scale).rounded(.down))) }

    /// Estimated tokens as the model counts them.
    public func scaled(_ estimated: Int) -> Int { Int((Double(estimated) * scale).rounded(.up)) }
}
