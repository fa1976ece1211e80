/// Looks at a request before anything is done with it, also in mode `off`.
public protocol AdmitHook: Plugin {
    /// Lets a request pass or refuses it. At once: it runs on the event loop.
    func admit(_ request: RequestView, _ services: PluginServices) throws -> Admission
}

/// What becomes of a request.
public enum Admission: Hashable, Sendable {
    /// It goes on.
    case pass
    /// The client gets an error of ours.
    case refuse(Refusal)
}

/// An error for the client, in OpenAI's shape.
public struct Refusal: Hashable, Sendable {
    /// 400 to 599.
    public var status: Int
    /// `error.code`.
    public var code: String
    /// What is wrong, and how to mend it.
    public var message: String
    /// Seconds after which the client may try again.
    public var retryAfter: Int?

    /// A refusal by its members.
    public init(_ status: Int, _ code: String, _ message: String, retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }
}
