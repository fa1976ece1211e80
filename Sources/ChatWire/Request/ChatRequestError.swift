import JSONBytes

/// Why a request body is refused: what was found, what is allowed, and which member it is about.
public struct ChatRequestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds that callers tell apart.
    public enum Code: String, Hashable, Sendable {
        /// The body is no JSON text.
        case invalidJSON
        /// The body is JSON, but no object.
        case notAnObject
        /// Containers inside each other over the limit.
        case tooDeep
        /// `messages` is no list of objects with a string as `role`.
        case invalidMessages
        /// More messages than allowed; the only kind that is 413.
        case tooManyMessages
        /// A member that may stand once stands twice.
        case duplicateMember
        /// `memory` or a member of it has a wrong type.
        case invalidMember
        /// An id is empty, over 256 bytes, or holds control characters.
        case invalidID
    }

    /// The kind.
    public let code: Code
    /// The member as OpenAI's `param` names it, `messages[3].role` or `memory.session`; nil for the whole
    /// body.
    public let member: String?
    /// A sentence for the client's developer.
    public let message: String

    /// A refusal by its members.
    public init(_ code: Code, member: String? = nil, _ message: String) {
        self.code = code
        self.member = member
        self.message = message
    }

    /// The HTTP status that goes with it: 413 for too many messages, else 400.
    public var status: Int { code == .tooManyMessages ? 413 : 400 }

    /// The sentence.
    public var description: String { message }

    /// A fault of the JSON text itself.
    init(_ fault: JSONSyntaxError, limits: RequestLimits) {
        if fault.code == .tooDeep {
            self.init(.tooDeep, "The body nests deeper than \(limits.depth) levels, at byte \(fault.offset).")
        } else {
            self.init(.invalidJSON, "The body is not valid JSON: \(fault).")
        }
    }
}
