import JSONBytes

/// Puts a reply together from its JSON objects: a whole one, or the chunks of a stream.
struct ReplyAssembler: Sendable {
    /// What an object brought.
    struct News {
        /// Text, reasoning or a piece of a call.
        var content = false
        /// Usage.
        var usage = false
    }

    /// Model, usage, error, `[DONE]`; the choices are put in when it is asked for.
    private var head = AssembledReply()
    private var choices: [ChoiceAssembler] = []
    /// What may still be kept.
    private var budget: KeepingBudget
    /// Choices that have a finish reason.
    private(set) var finishedChoices = 0
    /// What the current object brought.
    private var news = News()

    init(limit: Int) {
        budget = KeepingBudget(limit)
    }

    /// Whether something was left out.
    var isFull: Bool { budget.isExceeded }

    /// The reply as far as it has come.
    var reply: AssembledReply {
        get {
            var reply = head
            reply.choices = choices.map(\.choice).sorted { $0.index < $1.index }
            return reply
        }
        set { head = newValue }
    }

    /// Takes an object, or the first one of a list; the bytes are known to be JSON.
    mutating func add(_ bytes: Span<UInt8>) -> News {
        news = News()
        var cursor = JSONCursor(text: .lenient)
        cursor.skipWhitespace(in: bytes)
        // The bytes were checked, so nothing is thrown here.
        try? addObject(&cursor, bytes)
        return news
    }
}

// MARK: - Reading

extension ReplyAssembler {
    private mutating func addObject(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONSyntaxError)
    {
        if cursor.peek(in: bytes) == UInt8(ascii: "[") {
            try cursor.beginArray(in: bytes)
            guard try cursor.nextElement(in: bytes) else { return }
        }
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else { return }
        let start = cursor.offset
        var faults = FaultMembers()
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "choices":
                faults.hasChoices = true
                try addChoices(&cursor, bytes)
            case "model":
                let model = try cursor.readString(in: bytes)
                if head.model == nil, let model, !model.isEmpty { head.model = model.text(in: bytes) }
            case "usage":
                guard let usage = try ReportedUsage(&cursor, in: bytes) else { continue }
                head.usage = usage
                news.usage = true
            case "error": faults.error = try cursor.readTruthy(in: bytes)
            case "detail": faults.detail = try cursor.readTruthy(in: bytes)
            case "object": faults.isErrorObject = try cursor.readString(in: bytes)?.name(in: bytes) == "error"
            default: try cursor.skipValue(in: bytes)
            }
        }
        if let fault = faults.fault(object: start) { head.error = try ReplyError(at: fault, in: bytes) }
    }

    private mutating func addChoices(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONSyntaxError)
    {
        guard cursor.peek(in: bytes) == UInt8(ascii: "[") else { return try cursor.skipValue(in: bytes) }
        try cursor.beginArray(in: bytes)
        while try cursor.nextElement(in: bytes) {
            guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                try cursor.skipValue(in: bytes)
                continue
            }
            try addChoice(&cursor, bytes)
        }
    }

    private mutating func addChoice(_ cursor: inout JSONCursor, _ bytes: Span<UInt8>) throws(JSONSyntaxError)
    {
        var index = 0
        var finishReason: JSONString?
        var delta: Int?
        var message: Int?
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "index":
                index = try cursor.readWholeNumber(in: bytes) ?? 0
            case "finish_reason":
                finishReason = try cursor.readString(in: bytes)
            case "delta":
                delta = try cursor.readObjectStart(in: bytes) ?? delta
            case "message":
                message = try cursor.readObjectStart(in: bytes) ?? message
            default:
                try cursor.skipValue(in: bytes)
            }
        }
        guard let place = place(of: index) else { return }
        if let body = delta ?? message {
            var inside = JSONCursor(at: body, text: .lenient)
            if try choices[place].add(&inside, bytes, &budget) { news.content = true }
        }
        guard let finishReason, !finishReason.isEmpty else { return }
        if choices[place].choiceFinishReason == nil { finishedChoices += 1 }
        choices[place].choiceFinishReason = finishReason.text(in: bytes)
    }

    /// Where the choice with an index is kept; nil where there is no room for a new one.
    private mutating func place(of index: Int) -> Int? {
        if let place = choices.firstIndex(where: { $0.index == index }) { return place }
        guard budget.take(KeepingBudget.frame) else { return nil }
        choices.append(ChoiceAssembler(index: index))
        return choices.count - 1
    }
}

/// The members of an object that may say that it is an error.
private struct FaultMembers {
    var error: Int?
    var detail: Int?
    var isErrorObject = false
    var hasChoices = false

    /// Where the error stands: `error`, the object itself, or `detail`.
    func fault(object: Int) -> Int? {
        error ?? (isErrorObject ? object : nil) ?? (hasChoices ? nil : detail)
    }
}
