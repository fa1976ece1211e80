internal import ChatWire
internal import Gzip
internal import NIOCore

/// Reads along while a reply is relayed, in the way that its form and coding want.
struct ReplyRecorder {
    private enum Reading {
        /// Nothing listens: bytes are never parsed.
        case unread
        /// One body.
        case plain(PlainReplyBody)
        /// Events.
        case stream(ReplyTap)
        /// Compressed all the same: read, but its events cannot be told apart on the wire.
        case compressedPlain(GzipDecoder, PlainReplyBody)
        case compressedStream(GzipDecoder, ReplyTap)
        /// Compressed in a way that is not read.
        case unreadable
    }

    private var reading: Reading
    private var received = 0
    private let replyBytes: Int

    /// A recorder that never looks.
    static var unread: ReplyRecorder { ReplyRecorder(.unread, replyBytes: 0) }

    private init(_ reading: Reading, replyBytes: Int) {
        self.reading = reading
        self.replyBytes = replyBytes
    }

    /// A recorder for a reply of that form and coding.
    init(isStream: Bool, encoding: String?, choices: Int, settings: PipelineSettings) {
        var limits = ReplyLimits()
        limits.reply = settings.replyBytes
        limits.eventLine = settings.eventLineBytes
        let tap = ReplyTap(expectedChoices: choices, limits: limits)
        let body = PlainReplyBody(limit: settings.replyBytes)
        let gunzip = GzipDecoder(limit: 8 * settings.replyBytes)
        replyBytes = settings.replyBytes
        switch encoding?.lowercased() {
        case nil, "identity"?, ""?: reading = isStream ? .stream(tap) : .plain(body)
        case "gzip"?, "x-gzip"?:
            reading = isStream ? .compressedStream(gunzip, tap) : .compressedPlain(gunzip, body)
        default: reading = .unreadable
        }
    }

    /// Whether a reply's head announces events.
    static func isStream(_ headers: HeaderFields) -> Bool {
        guard let type = headers.first("Content-Type") else { return false }
        return type.lowercased().hasPrefix("text/event-stream")
    }

    /// What the head already tells of a reply that cannot be kept whole.
    func degradation(contentLength: Int?) -> Degradation? {
        if case .unreadable = reading { return .encoding }
        guard let contentLength, contentLength > replyBytes else { return nil }
        return .replySize
    }

    /// Takes bytes as they came, and says what they mean for the relay.
    mutating func receive(_ bytes: ByteBuffer) -> ReplyBytes {
        received += bytes.readableBytes
        var found = ReplyBytes(count: bytes.readableBytes, whole: received)
        switch reading {
        case .unread, .unreadable: break
        case .plain(var body):
            reading = .unread
            body.append(bytes)
            reading = .plain(body)
        case .stream(var tap):
            reading = .unread
            found.take(tap.feed(bytes))
            reading = .stream(tap)
        case .compressedPlain(let decoder, var body):
            reading = .unread
            body.append(Self.decoded(bytes, decoder))
            reading = .compressedPlain(decoder, body)
        case .compressedStream(let decoder, var tap):
            reading = .unread
            tap.feed(Self.decoded(bytes, decoder))
            reading = .compressedStream(decoder, tap)
        }
        return found
    }

    /// The reply as far as it has come; nil where nothing could be read.
    ///
    /// - Parameter isWhole: whether the body has come to its end.
    mutating func assembled(isWhole: Bool) -> AssembledReply? {
        switch reading {
        case .unread, .unreadable: return nil
        case .plain(let body), .compressedPlain(_, let body): return body.assembled()
        case .stream(var tap), .compressedStream(_, var tap):
            if isWhole { tap.end() }
            return tap.reply
        }
    }

    /// Broken compression ends what is kept, never what is relayed.
    private static func decoded(_ bytes: ByteBuffer, _ decoder: GzipDecoder) -> ByteBuffer {
        var output = ByteBuffer()
        try? decoder.decode(bytes, into: &output)
        return output
    }
}

extension ReplyBytes {
    /// Takes over what the tap found.
    fileprivate mutating func take(_ marks: ReplyMarks) {
        whole = marks.whole
        finish = marks.finish
        done = marks.done
        contentAfterFinish = marks.contentAfterFinish
        usageAfterFinish = marks.usageAfterFinish
    }
}
