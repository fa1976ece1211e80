import JSONBytes

/// Cuts the bytes of an event stream into events, however they were split on the way.
///
/// Lines end with LF, CRLF or CR. A data line that is JSON or `[DONE]` by itself is an event at once, since
/// some servers leave out the blank line; other data lines are joined until one comes. A line that begins
/// with `{` is an event of its own, and a body that begins like a JSON text is taken for one
/// (`Event.Kind.document`).
struct EventDecoder {
    /// A piece of data and where it lies.
    struct Event {
        /// What the data is.
        enum Kind {
            /// Checked to be one JSON text or `[DONE]`.
            case value
            /// The same, but outside the framing: a JSON line.
            case bareValue
            /// Joined lines, unchecked.
            case lines
            /// A body that began like JSON and never turned into a stream, unchecked.
            case document
        }

        /// Where the bytes are.
        enum Place {
            /// In the piece being decoded.
            case chunk(Range<Int>)
            /// In `gathered`.
            case gathered(Range<Int>)
        }

        let kind: Kind
        /// The stream's offset of the event's first line.
        let start: Int
        let place: Place
    }

    /// Data of the event that `next` or `nextAtEnd` answered last, where it does not lie in the piece.
    private(set) var gathered: [UInt8] = []
    /// Whether something was left out because it is over a limit.
    private(set) var hasLeftOut = false

    private let limits: ReplyLimits
    /// Bytes before the piece being decoded.
    private var consumed = 0
    /// Bytes before the newest piece.
    private var pieceStart = 0
    /// Where the current line begins.
    private var lineStart = 0
    /// The current line, as far as earlier pieces brought it.
    private var partial: [UInt8] = []
    /// Whether the last line ended with CR, so that an LF that follows belongs to it.
    private var isAfterCR = false
    /// Whether the current line is over the limit.
    private var isSkippingLine = false
    /// Whether the current line has gone into `document` in part.
    private var isContinuingDocument = false
    /// Where the event under way began.
    private var eventStart: Int?
    /// Data lines of the event under way, joined by LF.
    private var data: [UInt8] = []
    private var dataLines = 0
    /// Whether nothing but blank lines and comments has come.
    private var isAtBeginning = true
    /// The body as far as it has come, while it looks like a JSON text.
    private var document: [UInt8]?

    init(limits: ReplyLimits) {
        self.limits = limits
    }

    /// Bytes that belong to whole events or comment lines.
    var relayable: Int {
        if isSkippingLine { return consumed }
        guard document == nil else { return isContinuingDocument ? pieceStart : min(pieceStart, lineStart) }
        return eventStart ?? lineStart
    }

    /// The next event that a piece completes; nil when the piece is used up, and only then a new one may
    /// come.
    mutating func next(in piece: Span<UInt8>, at index: inout Int) -> Event? {
        if index == 0 { pieceStart = consumed }
        while index < piece.count {
            if isAfterCR {
                isAfterCR = false
                if piece[index] == UInt8(ascii: "\n") {
                    index &+= 1
                    lineStart &+= 1
                    continue
                }
            }
            let end = piece.endOfLine(from: index)
            let start = index
            guard end < piece.count else {
                carry(piece, start..<end)
                index = end
                break
            }
            index = end &+ 1
            isAfterCR = piece[end] == UInt8(ascii: "\r")
            if let event = takeLine(piece, start..<end) { return event }
        }
        consumed &+= piece.count
        return nil
    }

    /// The next event that the end of the body completes; nil when there are no more.
    mutating func nextAtEnd() -> Event? {
        let nothing: [UInt8] = []
        if !partial.isEmpty, let event = takeLine(nothing.span, 0..<0) { return event }
        if let document {
            self.document = nil
            gathered = document
            return Event(kind: .document, start: 0, place: .gathered(0..<gathered.count))
        }
        return dispatch()
    }
}

// MARK: - Lines

extension EventDecoder {
    /// Keeps a part of a line whose end has not come.
    private mutating func carry(_ piece: Span<UInt8>, _ range: Range<Int>) {
        if isSkippingLine { return }
        partial.append(piece, range)
        if partial.count > limits.eventLine { overflow() }
    }

    /// Deals with a line over the limit: part of a JSON body, or left out with the event it belongs to.
    private mutating func overflow() {
        if isAtBeginning, document == nil, Line.beginsJSON(partial.span) { document = [] }
        if document != nil {
            isContinuingDocument = true
            isAtBeginning = false
            extendDocument()
            return
        }
        isAtBeginning = false
        hasLeftOut = true
        isSkippingLine = true
        partial.removeAll()
        forgetEvent()
    }

    /// Takes a line whose end lies in this piece, or at the end of the body.
    private mutating func takeLine(_ piece: Span<UInt8>, _ range: Range<Int>) -> Event? {
        let start = lineStart
        lineStart = consumed &+ range.upperBound &+ 1
        if partial.isEmpty, !isSkippingLine, range.count <= limits.eventLine {
            let line = Line(piece.extracting(range), isFirst: start == 0)
            return take(line, start: start, place: .chunk(range), in: piece)
        }
        carry(piece, range)
        defer {
            isSkippingLine = false
            isContinuingDocument = false
            partial.removeAll(keepingCapacity: true)
        }
        if isSkippingLine { return nil }
        if isContinuingDocument {
            extendDocument()
            return nil
        }
        swap(&gathered, &partial)
        let line = Line(gathered.span, isFirst: start == 0)
        return take(line, start: start, place: .gathered(0..<gathered.count), in: piece)
    }

    /// Takes a line by its kind.
    private mutating func take(
        _ line: Line, start: Int, place: Event.Place, in piece: Span<UInt8>
    ) -> Event? {
        if document != nil {
            guard case .data = line.kind else {
                addToDocument(place, in: piece)
                return nil
            }
            // No JSON text has a line that begins so.
            document = nil
        }
        switch line.kind {
        case .blank:
            return dispatch()
        case .comment:
            return nil
        case .data(let range, isValue: true) where dataLines == 0:
            let event = Event(kind: .value, start: eventStart ?? start, place: place.narrowed(to: range))
            isAtBeginning = false
            eventStart = nil
            return event
        case .data(let range, _):
            isAtBeginning = false
            addData(place.narrowed(to: range), start: start, in: piece)
            return nil
        case .json(let range, isValue: true):
            isAtBeginning = false
            return Event(kind: .bareValue, start: start, place: place.narrowed(to: range))
        case .json where isAtBeginning:
            isAtBeginning = false
            document = []
            addToDocument(place, in: piece)
            return nil
        case .json, .field:
            isAtBeginning = false
            eventStart = eventStart ?? start
            return nil
        }
    }

    /// Adds a data line to the event under way.
    private mutating func addData(_ place: Event.Place, start: Int, in piece: Span<UInt8>) {
        eventStart = eventStart ?? start
        if dataLines > 0 { data.append(UInt8(ascii: "\n")) }
        switch place {
        case .chunk(let range): data.append(piece, range)
        case .gathered(let range):
            let line = gathered
            data.append(line.span, range)
        }
        dataLines += 1
        if data.count > limits.eventLine {
            hasLeftOut = true
            forgetEvent()
        }
    }

    /// Ends the event under way.
    private mutating func dispatch() -> Event? {
        defer { forgetEvent() }
        guard dataLines > 0 else { return nil }
        swap(&gathered, &data)
        return Event(kind: .lines, start: eventStart ?? lineStart, place: .gathered(0..<gathered.count))
    }

    private mutating func forgetEvent() {
        eventStart = nil
        let isSmall = data.capacity < 1 << 16
        data.removeAll(keepingCapacity: isSmall)
        dataLines = 0
    }

    private mutating func addToDocument(_ place: Event.Place, in piece: Span<UInt8>) {
        switch place {
        case .chunk(let range): partial.append(piece, range)
        case .gathered: swap(&partial, &gathered)
        }
        extendDocument()
        document?.append(UInt8(ascii: "\n"))
    }

    /// Moves the current line into the document, as far as the limit lets it.
    private mutating func extendDocument() {
        let room = limits.reply - (document?.count ?? 0)
        if partial.count > room { hasLeftOut = true }
        let line = partial
        document?.append(line.span, 0..<max(0, min(room, line.count)))
        partial.removeAll(keepingCapacity: true)
    }
}

extension EventDecoder.Event.Place {
    /// A part of the place, by offsets from its beginning.
    func narrowed(to part: Range<Int>) -> Self {
        switch self {
        case .chunk(let range):
            .chunk((range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound))
        case .gathered(let range):
            .gathered((range.lowerBound + part.lowerBound)..<(range.lowerBound + part.upperBound))
        }
    }
}
