/// An error object in a reply.
public struct ReplyError: Hashable, Sendable {
    /// Its message; the error's JSON where it is no text.
    public var message: String
    /// Its code, a number as written.
    public var code: String?

    /// An error by its members.
    public init(message: String, code: String? = nil) {
        self.message = message
        self.code = code
    }
}
