public import ChatWire
public import NIOCore

/// A message on its way into the store: what a client sent, or one choice of a reply.
public struct NewMessage: Hashable, Sendable {
    /// Who speaks.
    public var role: Role
    /// The message as a JSON object: a client's byte for byte, a reply's as it would be sent back to a model.
    public var body: ByteBuffer
    /// Reasoning that came with a reply; never sent back.
    public var reasoning: String?
    /// How the message ended.
    public var status: MessageStatus
    /// Which choice of the reply this is, from 0.
    public var choice: Int
    /// Whether an assistant message calls tools, so that its turn goes on.
    public var callsTools: Bool
    /// Estimated tokens of the message, its frame included.
    public var tokens: Int
    /// The model that made a reply, as the upstream named it.
    public var model: String?
    /// Why the model stopped.
    public var finishReason: String?
    /// What the upstream reported, on a reply's first choice.
    public var usage: TokenUsage?
    /// Who of a room spoke; nil outside of rooms.
    public var speaker: String?
    /// What was put behind its text when it was sent up, without the fence; put there again when it is
    /// replayed.
    public var turnBlock: String?

    /// A message of a client; a reply's further members are set afterwards.
    public init(role: Role, body: ByteBuffer, tokens: Int, status: MessageStatus = .complete) {
        self.role = role
        self.body = body
        self.tokens = tokens
        self.status = status
        choice = 0
        callsTools = false
    }
}

/// How a message ended (admin API: `status`).
public enum MessageStatus: UInt8, Sendable, CaseIterable {
    /// Whole.
    case complete = 0
    /// The question of an exchange that failed.
    case failed = 1
    /// Partial text of a reply that was cut or is longer than is kept.
    case incomplete = 2
    /// The client left before the reply's end.
    case disconnected = 3
    /// The gateway ended in mid-reply.
    case interrupted = 4
}

/// Tokens as an upstream reported them.
public struct TokenUsage: Hashable, Sendable {
    /// Tokens of the request.
    public var prompt: Int
    /// Tokens of the reply.
    public var completion: Int
    /// Tokens of the request that came from a cache.
    public var cached: Int

    /// Usage by its counts.
    public init(prompt: Int, completion: Int, cached: Int = 0) {
        self.prompt = prompt
        self.completion = completion
        self.cached = cached
    }
}
