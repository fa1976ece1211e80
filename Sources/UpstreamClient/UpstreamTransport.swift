public import ChatWire
public import NIOCore

/// The port to model servers, bound to one event loop: made, called and calling back on that loop only.
public protocol UpstreamTransport: AnyObject {
    /// Starts a transfer. The sink hears of it from a later turn of the loop on, never inside this call.
    func start(_ request: UpstreamRequest, sink: any UpstreamSink) -> any UpstreamCall
}

/// One transfer under way. All methods are harmless once it has ended.
public protocol UpstreamCall: AnyObject {
    /// Ends the transfer; the sink hears nothing more.
    func cancel()

    /// The sink takes body bytes again. Bytes arrive from a later turn on, never inside this call.
    func resume()

    /// Adds bytes to a streamed request body.
    ///
    /// - Returns: whether more is wanted now; if not, `upstreamWantsBody` says when.
    func send(_ bytes: ByteBuffer) -> Bool

    /// The streamed request body is whole.
    func finishBody()
}

/// Hears of one transfer, on the loop. After `upstreamDidFinish` or `upstreamDidFail` comes nothing more.
public protocol UpstreamSink: AnyObject {
    /// Status and header fields have arrived, 1xx left out.
    func upstreamDidAnswer(_ head: UpstreamReplyHead)

    /// Whether body bytes are taken now. While false the transport keeps what it has, stops reading from the
    /// upstream, and waits for `resume()`; its own timers stand still.
    func acceptsBody() -> Bool

    /// Body bytes, decoded from the transfer coding; only after `acceptsBody()` said true.
    func upstreamDidSend(_ bytes: ByteBuffer)

    /// Everything that was ready has been handed over: time to flush.
    func upstreamDidDrain()

    /// A streamed request body may go on.
    func upstreamWantsBody()

    /// The reply is whole.
    func upstreamDidFinish()

    /// There is no reply, or it was cut.
    func upstreamDidFail(_ error: UpstreamError)
}

/// A reply's status line and header fields.
public struct UpstreamReplyHead: Sendable {
    /// The status code, 200–999.
    public let status: Int
    /// The reason phrase as sent; may be empty.
    public let reason: String
    /// All fields, hop-by-hop ones included.
    public let headers: HeaderFields

    /// A head by its members.
    public init(status: Int, reason: String, headers: HeaderFields) {
        self.status = status
        self.reason = reason
        self.headers = headers
    }
}

/// One request to an upstream.
public struct UpstreamRequest: Sendable {
    /// The method, any token.
    public var method: String
    /// Where it goes.
    public var upstream: Upstream
    /// Path and query below the upstream's authority, as they are sent: `/v1/chat/completions?x=1`.
    public var target: String
    /// End-to-end fields; framing and `Host` are the transport's.
    public var headers: HeaderFields
    /// The body.
    public var body: UpstreamBody

    /// A request by its members.
    public init(method: String, upstream: Upstream, target: String, headers: HeaderFields, body: UpstreamBody)
    {
        self.method = method
        self.upstream = upstream
        self.target = target
        self.headers = headers
        self.body = body
    }
}

/// A request's body.
public enum UpstreamBody: Sendable {
    /// None: no framing field is sent.
    case none
    /// Whole, sent with `Content-Length`.
    case bytes(ByteBuffer)
    /// Handed over by `UpstreamCall.send`: with `Content-Length` where the length is known, else chunked.
    case stream(length: Int?)
}
