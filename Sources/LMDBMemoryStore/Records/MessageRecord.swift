internal import ChatWire
internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// The value of a message. Texts up to `inlineBytes` stand in it, longer ones in chunks beside it, so that no
/// value is larger than LMDB finds contiguous pages for with ease.
enum MessageRecord {
    static let inlineBytes = 60_000
    /// A part of a long text: sixteen pages less LMDB's page header.
    static let chunkBytes = 65_520
    /// No value is larger; one that would be is refused as too large.
    static let maximumBytes = 262_144
    static let version: UInt8 = 1

    struct Marks: OptionSet {
        let rawValue: UInt8
        static let callsTools = Marks(rawValue: 1)
        static let round = Marks(rawValue: 2)
        static let reasoning = Marks(rawValue: 4)
        static let model = Marks(rawValue: 8)
        static let finishReason = Marks(rawValue: 16)
        static let usage = Marks(rawValue: 32)
        static let longBody = Marks(rawValue: 64)
        static let longReasoning = Marks(rawValue: 128)
    }

    /// The record of a message; the bytes of texts that are too long for it stay outside.
    static func encode(_ stored: StoredMessage) throws(StoreError) -> [UInt8] {
        let message = stored.message
        let body = message.body.readableBytesUInt8Span
        var writer = RecordWriter(version: version, expecting: 128 + min(body.count, inlineBytes))
        writer.byte(marks(of: stored).rawValue)
        writer.byte(message.role.rawValue)
        writer.byte(message.status.rawValue)
        writer.unsigned(stored.parent)
        if let round = stored.round { writer.integer(round) }
        writer.integer(stored.index)
        writer.fixed(stored.exchange.high)
        writer.fixed(stored.exchange.low)
        writer.signed(stored.createdAt.microseconds)
        writer.integer(message.choice)
        writer.integer(message.tokens)
        if let model = message.model { writer.text(model) }
        if let reason = message.finishReason { writer.text(reason) }
        if let usage = message.usage { writer.usage(usage) }
        if let reasoning = message.reasoning {
            let count = reasoning.utf8.count
            if count > inlineBytes { writer.integer(count) } else { writer.text(reasoning) }
        }
        if body.count > inlineBytes { writer.integer(body.count) } else { writer.blob(body) }
        writer.extras(message)
        guard writer.bytes.count <= maximumBytes else {
            throw StoreError(
                .tooLarge, "A message's model, finish reason or turn block is too long to be kept.")
        }
        return writer.bytes
    }

    /// The message of a record.
    ///
    /// - Parameter long: gives a text that stands in chunks, by its length.
    static func decode(
        node: UInt64, _ bytes: Span<UInt8>,
        long: (KeyLayout.LongText, Int) throws(StoreError) -> ByteBuffer
    ) throws(StoreError) -> StoredMessage {
        var reader = try RecordReader(bytes, version: version, "message")
        let head = try reader.messageHead(node)
        let marks = head.marks
        let exchange = ExchangeID(high: try reader.fixed(), low: try reader.fixed())
        let createdAt = Timestamp(microseconds: try reader.signed())
        var message = NewMessage(role: head.role, body: ByteBuffer(), tokens: 0, status: head.status)
        message.callsTools = marks.contains(.callsTools)
        message.choice = try reader.integer()
        message.tokens = try reader.integer()
        if marks.contains(.model) { message.model = try reader.text() }
        if marks.contains(.finishReason) { message.finishReason = try reader.text() }
        if marks.contains(.usage) { message.usage = try reader.usage() }
        if marks.contains(.longReasoning) {
            let text = try long(.reasoning, try reader.integer())
            message.reasoning = String(utf8: text.readableBytesUInt8Span)
            if message.reasoning == nil { throw reader.broken("a text is not UTF-8") }
        } else if marks.contains(.reasoning) {
            message.reasoning = try reader.text()
        }
        if marks.contains(.longBody) {
            message.body = try long(.body, try reader.integer())
        } else {
            message.body = ByteBuffer(copying: try reader.blob())
        }
        (message.speaker, message.turnBlock) = try reader.extras()
        try reader.end()
        return StoredMessage(
            node: node, parent: head.parent, round: head.round, index: head.index, exchange: exchange,
            createdAt: createdAt, message: message)
    }

    /// Where the message of a record stands.
    static func place(node: UInt64, _ bytes: Span<UInt8>) throws(StoreError) -> MessagePlace {
        var reader = try RecordReader(bytes, version: version, "message")
        let head = try reader.messageHead(node)
        _ = (try reader.fixed(), try reader.fixed())
        return MessagePlace(
            node: node, parent: head.parent, round: head.round, index: head.index,
            createdAt: Timestamp(microseconds: try reader.signed()))
    }

    /// A message on the way along the active branch.
    struct Walked {
        var parent: UInt64
        var round: Int?
        var message: StoredTurn.Message
    }

    /// As much of a record as a round shows; texts that are stepped over are not looked at.
    static func walk(
        node: UInt64, _ bytes: Span<UInt8>,
        long: (KeyLayout.LongText, Int) throws(StoreError) -> ByteBuffer
    ) throws(StoreError) -> Walked {
        var reader = try RecordReader(bytes, version: version, "message")
        let head = try reader.messageHead(node)
        let marks = head.marks
        _ = (try reader.fixed(), try reader.fixed(), try reader.signed(), try reader.integer())
        let tokens = try reader.integer()
        var model: String?
        if marks.contains(.model) {
            if marks.contains(.callsTools) { model = try reader.text() } else { _ = try reader.blob() }
        }
        if marks.contains(.finishReason) { _ = try reader.blob() }
        if marks.contains(.usage) { _ = try reader.usage() }
        if marks.contains(.longReasoning) {
            _ = try reader.integer()
        } else if marks.contains(.reasoning) {
            _ = try reader.blob()
        }
        let body =
            marks.contains(.longBody)
            ? try long(.body, try reader.integer()) : ByteBuffer(copying: try reader.blob())
        let (speaker, turnBlock) = try reader.extras()
        try reader.end()
        let message = StoredTurn.Message(
            node: node, index: head.index, role: head.role, status: head.status,
            callsTools: marks.contains(.callsTools), tokens: tokens, body: body, model: model,
            speaker: speaker, turnBlock: turnBlock)
        return Walked(parent: head.parent, round: head.round, message: message)
    }

    private static func marks(of stored: StoredMessage) -> Marks {
        let message = stored.message
        var marks: Marks = []
        if message.callsTools { marks.insert(.callsTools) }
        if stored.round != nil { marks.insert(.round) }
        if let reasoning = message.reasoning {
            marks.insert(reasoning.utf8.count > inlineBytes ? .longReasoning : .reasoning)
            marks.insert(.reasoning)
        }
        if message.model != nil { marks.insert(.model) }
        if message.finishReason != nil { marks.insert(.finishReason) }
        if message.usage != nil { marks.insert(.usage) }
        if message.body.readableBytes > inlineBytes { marks.insert(.longBody) }
        return marks
    }
}

extension RecordWriter {
    /// What few messages have stands at the end, and is not there at all where there is nothing.
    mutating func extras(_ message: NewMessage) {
        guard message.speaker != nil || message.turnBlock != nil else { return }
        optional(message.speaker)
        optional(message.turnBlock)
    }

    mutating func usage(_ usage: TokenUsage) {
        integer(usage.prompt)
        integer(usage.completion)
        integer(usage.cached)
    }
}

extension RecordReader {
    @_lifetime(self: copy self)
    mutating func extras() throws(StoreError) -> (speaker: String?, turnBlock: String?) {
        remaining == 0 ? (nil, nil) : (try optionalText(), try optionalText())
    }

    /// What every reader of a message needs.
    struct MessageHead {
        var marks: MessageRecord.Marks
        var role: Role
        var status: MessageStatus
        var parent: UInt64
        var round: Int?
        var index: Int
    }

    @_lifetime(self: copy self)
    mutating func messageHead(_ node: UInt64) throws(StoreError) -> MessageHead {
        let marks = MessageRecord.Marks(rawValue: try byte())
        let role = try kind(Role.self)
        let status = try kind(MessageStatus.self)
        let parent = try unsigned()
        // The walk along parents ends because each is older than its child.
        guard parent < node else { throw broken("it is older than the message before it") }
        let round = marks.contains(.round) ? try integer() : nil
        return MessageHead(
            marks: marks, role: role, status: status, parent: parent, round: round, index: try integer())
    }

    @_lifetime(self: copy self)
    mutating func usage() throws(StoreError) -> TokenUsage {
        TokenUsage(prompt: try integer(), completion: try integer(), cached: try integer())
    }
}
