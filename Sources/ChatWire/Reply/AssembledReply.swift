public import NIOCore

/// A reply as far as it has come, put together from its pieces.
public struct AssembledReply: Hashable, Sendable {
    /// The choices, by their indexes.
    public var choices: [AssembledChoice] = []
    /// The first `model` that is not empty.
    public var model: String?
    /// The last usage reported.
    public var usage: ReportedUsage?
    /// The last error reported; its text is never something the model said.
    public var error: ReplyError?
    /// Whether `[DONE]` came.
    public var hasDone = false
    /// Whether it came as one JSON text and not as a stream.
    public var isPlain = false
    /// What was left out, if anything.
    public var degraded: ReplyMarks.Degradation?

    init() {}

    /// Whether it came to its end: it has choices and no error, and, of a stream, `[DONE]` came or every
    /// choice has a finish reason. A reply that was left out in part may be complete all the same: see
    /// `degraded`.
    public var isComplete: Bool {
        guard error == nil, !choices.isEmpty else { return false }
        return isPlain || hasDone || choices.allSatisfy { $0.finishReason != nil }
    }

    /// Whether something of it was left out, so that it cannot be replayed.
    public var isTruncated: Bool { degraded != nil }

    /// Puts a whole body together, whatever its framing is.
    public static func assemble(plain body: ByteBuffer, limits: ReplyLimits = ReplyLimits()) -> AssembledReply
    {
        var tap = ReplyTap(limits: limits)
        tap.feed(body)
        tap.end()
        return tap.reply
    }
}
