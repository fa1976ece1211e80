/// Learns what became of an exchange that is recorded.
public protocol CompletionHook: Plugin {
    /// What the plugin keeps from now on, in the same commit as the exchange: keys of its state and values,
    /// nil to take one away. At once: it runs on the event loop.
    func completed(
        _ exchange: CompletedView, _ services: PluginServices
    ) throws -> [(key: String, value: [UInt8]?)]
}

/// An exchange at its end.
public struct CompletedView: Sendable {
    /// The request.
    public var request: RequestView
    /// What was said back, the first choice; empty where nothing was.
    public var reply: String
    /// Whether a whole reply came.
    public var isComplete: Bool

    /// An exchange by its members.
    public init(request: RequestView, reply: String, isComplete: Bool) {
        self.request = request
        self.reply = reply
        self.isComplete = isComplete
    }
}
