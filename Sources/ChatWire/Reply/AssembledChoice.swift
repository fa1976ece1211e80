/// One choice of a reply, put together from its pieces.
public struct AssembledChoice: Hashable, Sendable {
    /// Its `index`.
    public var index: Int
    /// What the model said.
    public var text = ""
    /// What it thought, in whichever member it came.
    public var reasoning = ""
    /// Why it refused.
    public var refusal = ""
    /// What it said aloud.
    public var audioTranscript = ""
    /// Its tool calls, by their indexes.
    public var toolCalls: [AssembledToolCall] = []
    /// Its legacy `function_call`.
    public var functionCall: AssembledToolCall?
    /// Why it stopped; nil where that never came.
    public var finishReason: String?

    /// A choice that said nothing.
    public init(index: Int) {
        self.index = index
    }

    /// Whether it holds text, reasoning, a refusal, a transcript or a call.
    public var hasContent: Bool {
        !(text.isEmpty && reasoning.isEmpty && refusal.isEmpty && audioTranscript.isEmpty
            && toolCalls.isEmpty)
            || functionCall != nil
    }

    /// Whether it calls tools, so that its turn goes on.
    public var callsTools: Bool { !toolCalls.isEmpty || functionCall != nil }
}
