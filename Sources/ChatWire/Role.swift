/// Who speaks in a chat message.
public enum Role: UInt8, Sendable, CaseIterable {
    /// Instructions of the application.
    case system = 0
    /// Instructions of the application, newer name.
    case developer = 1
    /// The person.
    case user = 2
    /// The model.
    case assistant = 3
    /// A tool's result.
    case tool = 4
    /// A tool's result, deprecated form.
    case function = 5
    /// Any other string: kept and passed on, never an anchor.
    case other = 6
}
