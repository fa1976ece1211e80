import JSONBytes

/// Puts one choice together from a whole message or from deltas.
struct ChoiceAssembler: Sendable {
    let index: Int
    var choiceFinishReason: String?
    private var text: [UInt8] = []
    private var reasoning: [UInt8] = []
    private var refusal: [UInt8] = []
    private var transcript: [UInt8] = []
    private var calls = ToolCallAssembler()
    private var functionCall: ToolCallAssembler.Call?

    init(index: Int) {
        self.index = index
    }

    /// The choice as far as it has come; bytes that are no UTF-8 read as U+FFFD.
    var choice: AssembledChoice {
        var choice = AssembledChoice(index: index)
        choice.text = String(decoding: text, as: UTF8.self)
        choice.reasoning = String(decoding: reasoning, as: UTF8.self)
        choice.refusal = String(decoding: refusal, as: UTF8.self)
        choice.audioTranscript = String(decoding: transcript, as: UTF8.self)
        choice.toolCalls = calls.assembled
        choice.functionCall = choice.toolCalls.isEmpty ? functionCall?.assembled : nil
        choice.finishReason = choiceFinishReason
        return choice
    }

    /// Takes the message or delta under the cursor.
    ///
    /// - Returns: whether it brought content.
    mutating func add(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) throws(JSONSyntaxError) -> Bool {
        var hasContent = false
        var thoughts = Thoughts()
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            switch name.name(in: bytes) {
            case "content":
                if try addContent(&cursor, bytes, &budget) { hasContent = true }
            case "reasoning_content": thoughts.content = try cursor.readFilledString(in: bytes)
            case "reasoning": thoughts.reasoning = try cursor.readFilledString(in: bytes)
            case "thinking": thoughts.thinking = try cursor.readFilledString(in: bytes)
            case "reasoning_details":
                thoughts.details = cursor.offset
                try cursor.skipValue(in: bytes)
            case "refusal":
                if let string = try cursor.readFilledString(in: bytes) {
                    budget.keep(string, in: &refusal, bytes)
                    hasContent = true
                }
            case "audio":
                if try addTranscript(&cursor, bytes, &budget) { hasContent = true }
            case "tool_calls":
                if try calls.add(&cursor, bytes, &budget) { hasContent = true }
            case "function_call":
                if try addFunctionCall(&cursor, bytes, &budget) { hasContent = true }
            default:
                try cursor.skipValue(in: bytes)
            }
        }
        if try add(thoughts, bytes, &budget) { hasContent = true }
        return hasContent
    }
}

extension ChoiceAssembler {
    /// Where reasoning stands in a message; of several spellings the first one counts, they say the same.
    private struct Thoughts {
        var content: JSONString?
        var reasoning: JSONString?
        var thinking: JSONString?
        var details: Int?
    }

    private mutating func addContent(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) throws(JSONSyntaxError) -> Bool {
        guard cursor.peek(in: bytes) == UInt8(ascii: "[") else {
            guard let string = try cursor.readFilledString(in: bytes) else { return false }
            budget.keep(string, in: &text, bytes)
            return true
        }
        var hasContent = false
        try cursor.beginArray(in: bytes)
        while try cursor.nextElement(in: bytes) {
            guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                guard let string = try cursor.readFilledString(in: bytes) else { continue }
                budget.keep(string, in: &text, bytes)
                hasContent = true
                continue
            }
            let part = try ReplyPart(&cursor, in: bytes)
            for string in part.texts {
                if part.isThinking {
                    budget.keep(string, in: &reasoning, bytes)
                } else {
                    budget.keep(string, in: &text, bytes)
                }
                hasContent = true
            }
        }
        return hasContent
    }

    private mutating func addTranscript(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) throws(JSONSyntaxError) -> Bool {
        guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
            try cursor.skipValue(in: bytes)
            return false
        }
        var hasContent = false
        try cursor.beginObject(in: bytes)
        while let name = try cursor.nextMember(in: bytes) {
            let isTranscript = name.name(in: bytes) == "transcript"
            guard let string = try cursor.readFilledString(in: bytes), isTranscript else { continue }
            budget.keep(string, in: &transcript, bytes)
            hasContent = true
        }
        return hasContent
    }

    private mutating func addFunctionCall(
        _ cursor: inout JSONCursor, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) throws(JSONSyntaxError) -> Bool {
        guard let start = try cursor.readObjectStart(in: bytes) else { return false }
        if functionCall == nil, !budget.take(KeepingBudget.frame) { return true }
        let delta = try ToolCallAssembler.Delta(function: start, in: bytes)
        functionCall = functionCall ?? ToolCallAssembler.Call()
        functionCall?.add(delta, bytes, &budget)
        return true
    }

    private mutating func add(
        _ thoughts: Thoughts, _ bytes: Span<UInt8>, _ budget: inout KeepingBudget
    ) throws(JSONSyntaxError) -> Bool {
        if let string = thoughts.content ?? thoughts.reasoning ?? thoughts.thinking {
            budget.keep(string, in: &reasoning, bytes)
            return true
        }
        guard let details = thoughts.details, bytes[details] == UInt8(ascii: "[") else { return false }
        var hasContent = false
        var cursor = JSONCursor(at: details, text: .lenient)
        try cursor.beginArray(in: bytes)
        while try cursor.nextElement(in: bytes) {
            guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                try cursor.skipValue(in: bytes)
                continue
            }
            for string in try ReplyPart(&cursor, in: bytes).texts {
                budget.keep(string, in: &reasoning, bytes)
                hasContent = true
            }
        }
        return hasContent
    }
}

extension KeepingBudget {
    /// Keeps a string's text, if it fits.
    mutating func keep(_ string: JSONString, in output: inout [UInt8], _ bytes: Span<UInt8>) {
        guard take(string.content.count) else { return }
        string.append(to: &output, in: bytes)
    }
}
