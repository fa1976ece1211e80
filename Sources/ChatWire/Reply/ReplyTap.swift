public import NIOCore

/// Reads along while a reply is relayed: says what may be relayed, where the reply finishes, and keeps what
/// it says.
///
/// A value; the bytes are fed in order, in pieces of any size, and the same marks and reply come of any
/// split.
public struct ReplyTap: Sendable {
    /// Bytes fed so far.
    public private(set) var fed = 0

    private var decoder: EventDecoder
    private var assembler: ReplyAssembler
    private let expectedChoices: Int
    private var marks = ReplyMarks()
    private var hasFinished = false
    /// Values taken so far, and whether one of them stood in the framing of a stream.
    private var values = 0
    private var isFramed = false

    /// A tap for one reply.
    ///
    /// - Parameter expectedChoices: the request's `n`: the reply finishes with the last of them.
    public init(expectedChoices: Int = 1, limits: ReplyLimits = ReplyLimits()) {
        precondition(expectedChoices > 0, "a reply has a choice")
        self.expectedChoices = expectedChoices
        decoder = EventDecoder(limits: limits)
        assembler = ReplyAssembler(limit: limits.reply)
    }

    /// The reply as far as it has come.
    public var reply: AssembledReply {
        var reply = assembler.reply
        reply.isPlain = values == 1 && !isFramed
        reply.degraded = degradation
        return reply
    }

    /// Takes the next bytes of the body.
    @discardableResult
    public mutating func feed(_ piece: ByteBuffer) -> ReplyMarks {
        beginMarks()
        fed += piece.readableBytes
        let bytes = piece.readableBytesUInt8Span
        var index = 0
        while let event = decoder.next(in: bytes, at: &index) { take(event, in: bytes) }
        return endMarks(whole: decoder.relayable)
    }

    /// The body has come to its end: takes what still stood open.
    @discardableResult
    public mutating func end() -> ReplyMarks {
        beginMarks()
        let nothing: [UInt8] = []
        while let event = decoder.nextAtEnd() { take(event, in: nothing.span) }
        return endMarks(whole: fed)
    }

    private var degradation: ReplyMarks.Degradation? {
        if assembler.isFull { return .replyTooLong }
        return decoder.hasLeftOut ? .eventTooLong : nil
    }

    private mutating func beginMarks() {
        let whole = marks.whole
        marks = ReplyMarks()
        marks.whole = whole
    }

    private mutating func endMarks(whole: Int) -> ReplyMarks {
        marks.whole = max(marks.whole, whole)
        marks.degraded = degradation
        return marks
    }
}

// MARK: - Events

extension ReplyTap {
    private mutating func take(_ event: EventDecoder.Event, in piece: Span<UInt8>) {
        switch event.place {
        case .chunk(let range):
            take(event.kind, piece.extracting(range), start: event.start)
        case .gathered(let range):
            let gathered = decoder.gathered
            take(event.kind, gathered.span.extracting(range), start: event.start)
        }
    }

    private mutating func take(_ kind: EventDecoder.Event.Kind, _ data: Span<UInt8>, start: Int) {
        switch kind {
        case .value:
            isFramed = true
            takeValue(data, start: start)
        case .bareValue:
            takeValue(data, start: start)
        case .lines:
            isFramed = true
            takeLines(data, start: start)
        case .document:
            // It is held to the end of the body, so no place in it is the finishing one.
            hasFinished = true
            takeLines(data, start: start)
        }
    }

    /// Takes joined lines: one value, or, where they are none together, each line that is one.
    private mutating func takeLines(_ data: Span<UInt8>, start: Int) {
        if data.isDone || data.isJSONText { return takeValue(data, start: start) }
        var index = 0
        while index < data.count {
            let end = data.endOfLine(from: index)
            let line = data.extracting(index..<end)
            if line.isDone || line.isJSONText { takeValue(line, start: start) }
            index = end + 1
        }
    }

    private mutating func takeValue(_ data: Span<UInt8>, start: Int) {
        if data.isDone {
            guard !assembler.reply.hasDone else { return }
            isFramed = true
            assembler.reply.hasDone = true
            marks.done = start
            finish(at: start)
            return
        }
        values += 1
        let news = assembler.add(data)
        if hasFinished {
            if news.content { marks.contentAfterFinish = true }
            if news.usage { marks.usageAfterFinish = true }
        } else if assembler.finishedChoices >= expectedChoices {
            finish(at: start)
        }
    }

    private mutating func finish(at start: Int) {
        guard !hasFinished else { return }
        hasFinished = true
        marks.finish = start
    }
}
