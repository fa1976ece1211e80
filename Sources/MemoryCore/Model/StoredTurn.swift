public import ChatWire
public import NIOCore

/// One round on the active branch: the user's turn and everything up to the final reply, oldest first.
public struct StoredTurn: Hashable, Sendable {
    /// A message of a round: what a request needs of it, so that reading a window reads no more.
    public struct Message: Hashable, Sendable {
        /// Its number in the session.
        public let node: UInt64
        /// Its place in the round, from 0.
        public let index: Int
        /// Who speaks.
        public let role: Role
        /// How it ended.
        public let status: MessageStatus
        /// Whether it calls tools.
        public let callsTools: Bool
        /// Estimated tokens, its frame included.
        public let tokens: Int
        /// The message as a JSON object.
        public let body: ByteBuffer
        private let rest: Rest?

        /// What few messages have, apart, so that the others are light to carry.
        private final class Rest: Hashable, Sendable {
            let model: String?
            let speaker: String?
            let turnBlock: String?

            init(model: String?, speaker: String?, turnBlock: String?) {
                self.model = model
                self.speaker = speaker
                self.turnBlock = turnBlock
            }

            static func == (left: Rest, right: Rest) -> Bool {
                left.model == right.model && left.speaker == right.speaker
                    && left.turnBlock == right.turnBlock
            }

            func hash(into hasher: inout Hasher) {
                hasher.combine(model)
                hasher.combine(speaker)
                hasher.combine(turnBlock)
            }
        }

        /// The model that made it, as the upstream named it; told of messages that call tools only.
        public var model: String? { rest?.model }
        /// Who of a room spoke; nil outside of rooms.
        public var speaker: String? { rest?.speaker }
        /// What stood behind its text when it was sent up, or nil.
        public var turnBlock: String? { rest?.turnBlock }

        /// A message by its members.
        public init(
            node: UInt64, index: Int, role: Role, status: MessageStatus, callsTools: Bool, tokens: Int,
            body: ByteBuffer, model: String? = nil, speaker: String? = nil, turnBlock: String? = nil
        ) {
            self.node = node
            self.index = index
            self.role = role
            self.status = status
            self.callsTools = callsTools
            self.tokens = tokens
            self.body = body
            let hasRest = model != nil || speaker != nil || turnBlock != nil
            rest = hasRest ? Rest(model: model, speaker: speaker, turnBlock: turnBlock) : nil
        }

        /// What a round shows of a stored message.
        public init(_ stored: StoredMessage) {
            let message = stored.message
            self.init(
                node: stored.node, index: stored.index, role: message.role, status: message.status,
                callsTools: message.callsTools, tokens: message.tokens, body: message.body,
                model: message.callsTools ? message.model : nil, speaker: message.speaker,
                turnBlock: message.turnBlock)
        }
    }

    /// Its number.
    public let round: Int
    /// Its messages along the active branch, oldest first; sibling replies are not here.
    public let messages: [Message]

    /// A round from its messages.
    public init(round: Int, messages: [Message]) {
        self.round = round
        self.messages = messages
    }

    /// Whether its last message calls tools: the next request may bring their results.
    public var isOpen: Bool { messages.last?.callsTools ?? false }
}
