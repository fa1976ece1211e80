/// The private body member `memory`, decoded; it never goes upstream.
public struct MemoryMember: Hashable, Sendable {
    /// The session, 1–256 bytes without control characters.
    public var session: String?
    /// The user, 1–256 bytes without control characters.
    public var user: String?
    /// The group chat, 1–256 bytes without control characters.
    public var chat: String?
    /// `full`, `read`, `write`, `off`, or something unknown: the caller checks.
    public var mode: String?
    /// A policy's name.
    public var policy: String?
    /// A side task's name.
    public var task: String?
    /// The dialogue state for this request.
    public var state: String?
    /// Variables for this request: where the object lies in the body.
    public var vars: Range<Int>?
    /// Whether the messages are stored without asking a model.
    public var passive: Bool?
    /// Whether the session starts anew and keeps its history.
    public var reset: Bool?
    /// Whether the session is emptied.
    public var clear: Bool?
    /// Messages of the window for this request, as sent.
    public var window: Int?
    /// Members that nobody knows, in order.
    public var unknown: [String] = []

    /// A member that says nothing.
    public init() {}
}
