internal import BackgroundJobs
internal import ChatWire
internal import LoopTiming
internal import NIOCore
internal import UpstreamClient

/// One request of our own to a model server, for work that awaits its whole reply.
final class ModelCall: UpstreamSink {
    /// What came of it.
    enum Outcome: Sendable {
        case reply(status: Int, retryAfter: Duration?, body: ByteBuffer)
        case failed(UpstreamError)
        /// It took longer than it may.
        case late
        /// It was broken off.
        case cancelled
    }

    private static let bodyBytes = 1 << 20
    private let promise: EventLoopPromise<Outcome>
    private var call: (any UpstreamCall)?
    private var timer: LoopTimer?
    private var head: UpstreamReplyHead?
    private var body = ByteBuffer()

    private init(_ promise: EventLoopPromise<Outcome>) {
        self.promise = promise
    }

    /// Sends a request and awaits its reply.
    static func send(
        _ request: UpstreamRequest, over transport: NIOLoopBound<any UpstreamTransport>,
        _ clock: NIOLoopBound<any LoopClock>, within time: Duration, _ cancellation: Cancellation
    ) async -> Outcome {
        let loop = transport.eventLoop
        let promise = loop.makePromise(of: Outcome.self)
        let number = cancellation.onCancel { promise.succeed(.cancelled) }
        loop.execute {
            guard !cancellation.isCancelled else { return promise.succeed(.cancelled) }
            ModelCall(promise).start(request, transport.value, clock.value, within: time)
        }
        let outcome = try? await promise.futureResult.get()
        cancellation.forget(number)
        return outcome ?? .cancelled
    }

    private func start(
        _ request: UpstreamRequest, _ transport: any UpstreamTransport, _ clock: any LoopClock,
        within time: Duration
    ) {
        timer = clock.schedule(at: clock.now + TimeAmount(time)) { [promise] in promise.succeed(.late) }
        call = transport.start(request, sink: self)
        // Whoever is first ends it; this keeps the call until then.
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.timer?.cancel()
            self.call?.cancel()
            self.call = nil
        }
    }

    func upstreamDidAnswer(_ head: UpstreamReplyHead) { self.head = head }
    func acceptsBody() -> Bool { true }

    func upstreamDidSend(_ bytes: ByteBuffer) {
        // No answer to our questions is that long.
        guard body.readableBytes + bytes.readableBytes <= Self.bodyBytes else {
            return promise.succeed(
                .failed(UpstreamError(.malformed, retry: .unsafe, "the reply is longer than 1 MiB")))
        }
        body.writeImmutableBuffer(bytes)
    }

    func upstreamDidDrain() {}
    func upstreamWantsBody() {}

    func upstreamDidFinish() {
        let retryAfter = head?.headers.first("Retry-After").flatMap { Int($0) }
        promise.succeed(
            .reply(
                status: head?.status ?? 0,
                retryAfter: retryAfter.map { .seconds(max(0, min($0, 24 * 3600))) }, body: body))
    }

    func upstreamDidFail(_ error: UpstreamError) { promise.succeed(.failed(error)) }
}
