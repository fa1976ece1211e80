public import NIOCore

/// A chat completion request: the client's bytes, never decoded and encoded again, and where its members lie.
public struct ChatRequest: Sendable {
    /// What a request body turned out to be.
    public enum Located: Sendable {
        /// A chat request.
        case chat(ChatRequest)
        /// An object without `messages`, which passes through.
        case other(RequestEnvelope)

        /// The bytes and the members that both kinds have.
        public var envelope: RequestEnvelope {
            switch self {
            case .chat(let request): request.envelope
            case .other(let envelope): envelope
            }
        }
    }

    /// The bytes and the members other than messages.
    public let envelope: RequestEnvelope
    /// The messages, in order.
    public let messages: [LocatedMessage]
    /// Where an element of an empty list would begin: right behind `[`.
    let listStart: Int

    /// The client's bytes; offsets count from its first readable byte.
    public var body: ByteBuffer { envelope.body }
    /// What was found besides messages.
    public var members: RequestMembers { envelope.members }

    /// One message's bytes, sharing the body's storage.
    public func bytes(of message: LocatedMessage) -> ByteBuffer {
        bytes(in: message.range)
    }

    /// A part of the body, sharing its storage.
    public func bytes(in range: Range<Int>) -> ByteBuffer {
        guard let slice = body.getSlice(at: body.readerIndex + range.lowerBound, length: range.count) else {
            preconditionFailure("range outside the body")
        }
        return slice
    }

    /// Checks a body and locates what memory needs.
    ///
    /// - Throws: for what is no JSON object, for `messages` that are no list of objects with a string as
    ///   `role`, for a limit, for a second `messages`, `model`, `stream`, `n`, `user`, `tools` or `memory`,
    ///   and for faults of `memory`.
    public static func locate(
        in body: ByteBuffer, limits: RequestLimits = RequestLimits()
    ) throws(ChatRequestError) -> Located {
        var locator = RequestLocator(limits: limits)
        do {
            try locator.readBody(body.readableBytesUInt8Span)
        } catch {
            throw ChatRequestError(error, limits: limits)
        }
        if let fault = locator.fault { throw fault }
        let envelope = RequestEnvelope(
            body: body, members: locator.members, memoryRemoval: locator.memoryRemoval)
        guard let listStart = locator.listStart else { return .other(envelope) }
        return .chat(ChatRequest(envelope: envelope, messages: locator.messages, listStart: listStart))
    }
}
