internal import ChatWire
internal import ExchangePipeline
internal import NIOCore
internal import UpstreamClient

/// Passes one request and its reply through, streaming both ways. Holds no bytes: what the upstream does not
/// take is not read from the client, what the client does not take is not read from the upstream.
final class TransparentExchange: RequestOccupant {
    let client: ClientConnection
    private var call: (any UpstreamCall)?
    var hasAnswered = false

    /// Starts forwarding.
    init(_ request: RequestHead, to path: UpstreamPath, from caller: Caller, client: ClientConnection) {
        self.client = client
        // The body is not read, so which model it names is not known.
        let entry = client.loop.shared.upstreams.first
        var headers = client.loop.forwardedFields(request)
        entry.complete(&headers, for: caller)
        let body: UpstreamBody =
            switch request.framing {
            case .none: .none
            case .length(let length): .stream(length: length)
            case .chunked: .stream(length: nil)
            }
        let upstreamRequest = UpstreamRequest(
            method: request.method, upstream: entry.upstream,
            target: path.target(below: entry.upstream.basePath), headers: headers, body: body)
        call = client.loop.transport.start(upstreamRequest, sink: self)
    }

    // MARK: The client's side

    func bodyArrived(_ bytes: ByteBuffer) {
        guard let call, !call.send(bytes) else { return }
        client.holdIntake(true)
    }

    func bodyEnded() {
        call?.finishBody()
    }

    func bodyPaused() {}

    func writabilityChanged(_ isWritable: Bool) {
        if isWritable { call?.resume() }
    }

    func clientLeft() {
        call?.cancel()
        stop()
    }

    /// Lets go of the transfer; the intake goes on, so that the rest of a request can be read.
    func stop() {
        call = nil
        client.holdIntake(false)
    }
}
