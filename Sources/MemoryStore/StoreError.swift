/// What a storage engine could not do. Nothing that was committed is lost by any of them.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    public enum Code: Hashable, Sendable {
        /// `store.maxBytes` or the map is reached, or the disk is full.
        case full
        /// The queue of changes is at its bound.
        case overloaded
        /// A change is larger than the engine takes.
        case tooLarge
        /// The files are not what the engine wrote.
        case damaged
        /// The engine was closed.
        case closed
        /// The operating system refused.
        case system
    }

    /// The kind.
    public let code: Code
    /// What was being done and what was found.
    public let context: String

    /// A failure by its kind, and what was being done.
    public init(_ code: Code, _ context: String) {
        self.code = code
        self.context = context
    }

    /// The context, for people.
    public var description: String { context }
}
