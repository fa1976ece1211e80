public import JSONBytes

/// Where one message and its members lie in a body; offsets count from the body's first readable byte.
public struct LocatedMessage: Hashable, Sendable {
    /// What `content` is.
    public enum Content: Hashable, Sendable {
        /// There is none.
        case absent
        /// `null`.
        case null
        /// A string.
        case string(JSONString)
        /// A list of parts: where the list lies.
        case parts(Range<Int>)
        /// Anything else, left to the model server: where it lies.
        case other(Range<Int>)
    }

    /// The message's object, brackets included.
    public internal(set) var range: Range<Int>
    /// Who speaks.
    public internal(set) var role: Role = .other
    /// What is said.
    public internal(set) var content: Content = .absent
    /// `tool_calls`, where it is a list that holds something.
    public internal(set) var toolCalls: Range<Int>?
    /// `function_call`, where it is an object.
    public internal(set) var functionCall: Range<Int>?
    /// `tool_call_id`, where it is a string.
    public internal(set) var toolCallID: JSONString?
    /// `name`, where it is a string.
    public internal(set) var name: JSONString?
    /// Whether `role` is a string.
    var hasRole = false

    /// Whether the message asks for tools or a function, so that its turn goes on.
    public var callsTools: Bool { toolCalls != nil || functionCall != nil }

    init(at start: Int) {
        range = start..<start
    }
}

extension Role {
    /// A role by its name on the wire.
    init(_ name: JSONName) {
        switch name {
        case "system": self = .system
        case "developer": self = .developer
        case "user": self = .user
        case "assistant": self = .assistant
        case "tool": self = .tool
        case "function": self = .function
        default: self = .other
        }
    }
}
