/// What a piece of a reply means for the relay. Offsets count from the first byte of the reply's body.
public struct ReplyMarks: Hashable, Sendable {
    /// Why not all of a reply can be recorded.
    public enum Degradation: Hashable, Sendable {
        /// A line or an event over `limits.eventLine` was left out.
        case eventTooLong
        /// Text over `limits.reply` was left out.
        case replyTooLong
    }

    /// Bytes that may be relayed: whole events and whole comment lines. Never falls.
    public var whole = 0
    /// Where the event begins that finished the last expected choice, or else `[DONE]`. Said once.
    public var finish: Int?
    /// Where `[DONE]` begins. Said once.
    public var done: Int?
    /// Whether this piece brought text, reasoning or calls behind the finishing event.
    public var contentAfterFinish = false
    /// Whether this piece brought usage behind the finishing event.
    public var usageAfterFinish = false
    /// What has been left out up to here.
    public var degraded: Degradation?

    /// Marks of a piece that meant nothing.
    public init() {}
}
