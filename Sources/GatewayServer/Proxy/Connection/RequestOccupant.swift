internal import ChatWire
internal import ExchangePipeline
internal import NIOCore

/// What works on the request that a connection is busy with: the connection hands it the body and tells it of
/// the client; it answers through the connection's `Downstream` side. All on the connection's loop.
protocol RequestOccupant: AnyObject {
    /// Body bytes, transfer coding removed.
    func bodyArrived(_ bytes: ByteBuffer)

    /// The body is whole.
    func bodyEnded()

    /// Everything of the request that was read has been handed over.
    func bodyPaused()

    /// The client takes bytes again, or no more for now.
    func writabilityChanged(_ isWritable: Bool)

    /// The client has left. Nothing more is told, nothing more can be answered.
    func clientLeft()
}

/// A request's head as it came, with its target taken apart.
struct RequestHead {
    /// The method's token.
    var method: String
    /// The target as written.
    var uri: String
    /// The target taken apart.
    var target: RequestTarget
    /// All fields as they came.
    var headers: HeaderFields
    /// How the body is framed.
    var framing: BodyFraming
    /// When it arrived.
    var arrivedAt: NIODeadline
    /// What the base URL named.
    var names: InboundCall.Names {
        InboundCall.Names(user: target.user, session: target.session, policy: target.policy)
    }
}

/// How a request's body is framed.
enum BodyFraming: Equatable {
    /// No body.
    case none
    /// `Content-Length`.
    case length(Int)
    /// `Transfer-Encoding: chunked`.
    case chunked
}
