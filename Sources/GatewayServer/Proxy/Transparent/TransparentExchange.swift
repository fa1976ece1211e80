internal import ChatWire
internal import ExchangePipeline
internal import NIOCore
internal import UpstreamClient

/// Passes one request and its reply through, streaming both ways. Holds no bytes: what the upstream does not
/// take is not read from the client, what the client does not take is not read from the upstream. Only where
/// there are several upstreams, the beginning of a JSON body is held until it names its model.
final class TransparentExchange: RequestOccupant {
    let client: ClientConnection
    private let request: RequestHead
    private let path: UpstreamPath
    private let caller: Caller
    private let upstreams: UpstreamTable
    private var peek: ModelPeek?
    private var beginning = ByteBuffer()
    private var call: (any UpstreamCall)?
    /// The server that is kept from work of our own meanwhile.
    private var used: Upstream?
    var hasAnswered = false
    /// Of the server that is asked; nil before one is chosen.
    var health: UpstreamHealth?

    /// Starts forwarding, or waits for the model.
    init(_ request: RequestHead, to path: UpstreamPath, from caller: Caller, client: ClientConnection) {
        self.client = client
        self.request = request
        self.path = path
        self.caller = caller
        upstreams = client.loop.settings.pipeline.upstreams
        if upstreams.entries.count > 1, Self.namesModel(request) {
            peek = ModelPeek()
        } else {
            start(upstreams.first)
        }
    }

    /// Whether a request's body may say which model it is for.
    private static func namesModel(_ request: RequestHead) -> Bool {
        guard request.framing != .none, !request.headers.contains("Content-Encoding"),
            let type = request.headers.first("Content-Type")
        else { return false }
        return type.hasFieldPrefix("application/json")
    }

    private func start(_ entry: UpstreamTable.Entry) {
        peek = nil
        health = entry.health
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
        if request.method == "POST" {
            used = entry.upstream
            client.loop.exchanges.activity.began(at: entry.upstream)
        }
        call = client.loop.transport.start(upstreamRequest, sink: self)
    }

    /// Starts once the body has said enough.
    private func look(isWhole: Bool) {
        guard case .model(let model)? = peek?.look(at: beginning, isWhole: isWhole) else { return }
        start(upstreams.entry(for: model))
        let bytes = beginning
        beginning = ByteBuffer()
        if bytes.readableBytes > 0 { pass(bytes) }
    }

    // MARK: The client's side

    func bodyArrived(_ bytes: ByteBuffer) {
        guard peek != nil else { return pass(bytes) }
        beginning.writeImmutableBuffer(bytes)
        look(isWhole: false)
    }

    private func pass(_ bytes: ByteBuffer) {
        guard let call, !call.send(bytes) else { return }
        client.holdIntake(true)
    }

    func bodyEnded() {
        look(isWhole: true)
        call?.finishBody()
    }

    func bodyPaused() {}

    func writabilityChanged(_ isWritable: Bool) {
        if isWritable { call?.resume() }
    }

    func clientLeft() {
        peek = nil
        count(.disconnected)
        call?.cancel()
        stop()
    }

    /// How the exchange ended.
    func count(_ outcome: ExchangeLabels.Outcome) {
        client.loop.exchanges.metrics.ended(.transparent, outcome)
    }

    /// Lets go of the transfer; the intake goes on, so that the rest of a request can be read.
    func stop() {
        call = nil
        if let used { client.loop.exchanges.noteUse(of: used) }
        used = nil
        client.holdIntake(false)
    }
}
