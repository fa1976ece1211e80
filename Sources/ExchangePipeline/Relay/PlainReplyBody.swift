internal import ChatWire
internal import NIOCore

/// A plain reply's body, kept up to a bound.
struct PlainReplyBody {
    /// JSON around the text: escapes, log probabilities, tool calls.
    private static let overhead = 1024 * 1024

    private let limit: Int
    private var kept = ByteBuffer()
    private var isCut = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ bytes: ByteBuffer) {
        let room = limit + Self.overhead - kept.readableBytes
        guard bytes.readableBytes > room else {
            kept.writeImmutableBuffer(bytes)
            return
        }
        isCut = true
        if let part = bytes.getSlice(at: bytes.readerIndex, length: max(0, room)) {
            kept.writeImmutableBuffer(part)
        }
    }

    /// The reply; of one that is longer than is kept, the text up to there.
    func assembled() -> AssembledReply {
        var limits = ReplyLimits()
        limits.reply = limit
        limits.eventLine = kept.readableBytes + 64
        guard isCut else { return .assemble(plain: kept, limits: limits) }
        var reply = AssembledReply.assemble(plain: closed(), limits: limits)
        reply.degraded = .replyTooLong
        return reply
    }

    /// What was kept ends inside the message's text, nearly always: closed there, it can be read.
    private func closed() -> ByteBuffer {
        var text = kept
        var view = Array(text.readableBytesView.suffix(12))
        let dropped = Self.unfinished(&view)
        text = text.getSlice(at: text.readerIndex, length: text.readableBytes - dropped) ?? text
        text.writeString(#""}}]}"#)
        return text
    }

    /// How many bytes at the end belong to an escape or a character that is not whole.
    private static func unfinished(_ tail: inout [UInt8]) -> Int {
        let count = tail.count
        if let slash = tail.lastIndex(of: UInt8(ascii: "\\")), count - slash < 6 { return count - slash }
        while let last = tail.last, last & 0xC0 == 0x80 { tail.removeLast() }
        if let last = tail.last, last & 0x80 != 0 { tail.removeLast() }
        return count - tail.count
    }
}
