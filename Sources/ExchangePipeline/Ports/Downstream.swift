package import ChatWire
package import NIOCore

/// The client's side of an exchange, on its event loop. Every reply is one head, bytes, and one ending.
package protocol Downstream: AnyObject {
    /// Whether the client takes bytes; changes are told to the exchange.
    var isWritable: Bool { get }

    /// Starts the reply. Framing, connection fields and CORS are the port's.
    func sendHead(_ head: ReplyHead)

    /// Adds bytes to the reply's body; they leave at the next `flush`.
    func send(_ bytes: ByteBuffer)

    /// Sends what was added.
    func flush()

    /// Ends the reply as a whole one, and flushes.
    func finish()

    /// Closes the connection so that the client can tell that the reply is not whole.
    func abort()
}

/// A reply's head as it goes to the client.
package struct ReplyHead: Sendable {
    /// The status code.
    package var status: Int
    /// The reason phrase; may be empty.
    package var reason: String
    /// The end-to-end fields.
    package var headers: HeaderFields

    /// A head by its members.
    package init(status: Int, reason: String, headers: HeaderFields) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }
}
