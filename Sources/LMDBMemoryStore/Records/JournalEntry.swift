internal import ChatWire
internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// The value of a journalled question, before it is cut into parts: enough to keep it should no record
/// follow.
enum JournalEntry {
    private static let version: UInt8 = 2

    /// What recovery needs of a question.
    struct Question {
        var place: TurnPlace
        var messages: [NewMessage]
        var fingerprints: [RequestFingerprint]
        var at: Timestamp
    }

    static func encode(_ turn: JournalledTurn) -> [UInt8] {
        let bodies = turn.messages.reduce(0) { $0 + $1.body.readableBytes }
        var writer = RecordWriter(version: version, expecting: 64 + bodies + turn.messages.count * 64)
        writer.signed(turn.at.microseconds)
        switch turn.place {
        case .newRound:
            writer.byte(0)
        case .openTurn(let node, let round):
            writer.byte(1)
            writer.unsigned(node)
            writer.integer(round)
        case .behind(let node):
            writer.byte(2)
            writer.unsigned(node)
        }
        writer.unsigned(UInt64(turn.messages.count))
        for message in turn.messages { write(message, to: &writer) }
        writer.unsigned(UInt64(turn.fingerprints.count))
        for fingerprint in turn.fingerprints {
            writer.byte(fingerprint.kind.rawValue)
            writer.fixed(fingerprint.high)
            writer.fixed(fingerprint.low)
            writer.byte(fingerprint.isRetry ? 1 : 0)
        }
        return writer.bytes
    }

    static func decode(_ bytes: Span<UInt8>) throws(StoreError) -> Question {
        var reader = try RecordReader(bytes, version: version, "journalled question")
        let at = Timestamp(microseconds: try reader.signed())
        let place: TurnPlace
        switch try reader.byte() {
        case 0: place = .newRound
        case 1: place = .openTurn(node: try reader.unsigned(), round: try reader.integer())
        case 2: place = .behind(node: try reader.unsigned())
        default: throw reader.broken("a place is not known")
        }
        let count = try reader.count()
        var messages: [NewMessage] = []
        messages.reserveCapacity(count)
        for _ in 0..<count { messages.append(try message(from: &reader)) }
        var fingerprints: [RequestFingerprint] = []
        for _ in 0..<(try reader.count()) {
            fingerprints.append(
                RequestFingerprint(
                    try reader.kind(RequestFingerprint.Kind.self), high: try reader.fixed(),
                    low: try reader.fixed(),
                    isRetry: try reader.flag()))
        }
        try reader.end()
        return Question(place: place, messages: messages, fingerprints: fingerprints, at: at)
    }

    private static func write(_ message: NewMessage, to writer: inout RecordWriter) {
        writer.byte(message.role.rawValue)
        writer.byte(message.status.rawValue)
        writer.byte(message.callsTools ? 1 : 0)
        writer.integer(message.choice)
        writer.integer(message.tokens)
        writer.optional(message.model)
        writer.optional(message.finishReason)
        writer.optional(message.reasoning)
        writer.byte(message.usage == nil ? 0 : 1)
        if let usage = message.usage { writer.usage(usage) }
        writer.blob(message.body.readableBytesUInt8Span)
        writer.optional(message.speaker)
        writer.optional(message.turnBlock)
    }

    private static func message(from reader: inout RecordReader) throws(StoreError) -> NewMessage {
        let role = try reader.kind(Role.self)
        let status = try reader.kind(MessageStatus.self)
        var message = NewMessage(role: role, body: ByteBuffer(), tokens: 0, status: status)
        message.callsTools = try reader.flag()
        message.choice = try reader.integer()
        message.tokens = try reader.integer()
        message.model = try reader.optionalText()
        message.finishReason = try reader.optionalText()
        message.reasoning = try reader.optionalText()
        if try reader.flag() { message.usage = try reader.usage() }
        message.body = ByteBuffer(copying: try reader.blob())
        message.speaker = try reader.optionalText()
        message.turnBlock = try reader.optionalText()
        return message
    }
}
