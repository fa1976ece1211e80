public import NIOCore

/// A tool or function call of a reply, put together from its pieces.
public struct AssembledToolCall: Hashable, Sendable {
    /// Its id, nil where the model server gave none, and for the legacy `function_call`.
    public var id: String?
    /// The function's name.
    public var name: String
    /// The arguments as the model wrote them: JSON text, perhaps cut.
    public var arguments: String
    /// Whether it is a `custom` tool call, whose arguments are any text.
    public var isCustom: Bool
    /// `extra_content` as it came, to be sent back unchanged (Gemini's `thought_signature`).
    public var extraContent: ByteBuffer?

    /// A call by its members.
    public init(
        id: String?, name: String, arguments: String, isCustom: Bool = false, extraContent: ByteBuffer? = nil
    ) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.isCustom = isCustom
        self.extraContent = extraContent
    }
}
