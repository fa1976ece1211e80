internal import NIOCore
internal import UpstreamClient

/// The demo model behind the upstream port: no socket, the same promises. On its loop only.
final class DemoUpstream: UpstreamTransport {
    private let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func start(_ request: UpstreamRequest, sink: any UpstreamSink) -> any UpstreamCall {
        let call = DemoCall(request, sink: sink, loop: loop)
        if case .stream = request.body { return call }
        call.answerLater()
        return call
    }
}

/// One request to the demo model.
private final class DemoCall: UpstreamCall {
    /// Request bodies beyond this are not read.
    private static let bodyLimit = 64 * 1024 * 1024

    private let request: UpstreamRequest
    private let loop: any EventLoop
    private var sink: (any UpstreamSink)?
    private var body = ByteBuffer()
    private var pieces: [[UInt8]] = []
    private var next = 0
    private var hasAnswered = false

    init(_ request: UpstreamRequest, sink: any UpstreamSink, loop: any EventLoop) {
        self.request = request
        self.sink = sink
        self.loop = loop
        if case .bytes(let bytes) = request.body { body = bytes }
    }

    func cancel() {
        sink = nil
    }

    func resume() {
        goOnLater()
    }

    func send(_ bytes: ByteBuffer) -> Bool {
        if body.readableBytes < Self.bodyLimit { body.writeImmutableBuffer(bytes) }
        return true
    }

    func finishBody() {
        answerLater()
    }

    func answerLater() {
        loop.assumeIsolated().execute { self.answer() }
    }

    private func answer() {
        guard let sink, !hasAnswered else { return }
        hasAnswered = true
        let path = request.target.prefix { $0 != "?" }
        let reply = DemoReply.reply(
            method: request.method, path: String(path), body: Array(body.readableBytesView))
        pieces = reply.pieces
        sink.upstreamDidAnswer(reply.head)
        sink.upstreamDidDrain()
        goOnLater()
    }

    private func goOnLater() {
        loop.assumeIsolated().execute { self.goOn() }
    }

    /// One piece a turn of the loop, as a model's words come one by one.
    private func goOn() {
        guard let sink, hasAnswered else { return }
        guard next < pieces.count else {
            self.sink = nil
            return sink.upstreamDidFinish()
        }
        guard sink.acceptsBody() else { return }
        sink.upstreamDidSend(ByteBuffer(bytes: pieces[next]))
        sink.upstreamDidDrain()
        next += 1
        goOnLater()
    }
}
