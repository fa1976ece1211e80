internal import ChatWire
internal import CurlUpstream
internal import LoopTiming
internal import NIOCore
internal import NIOPosix
internal import UpstreamClient

/// Asks upstreams for their models, to see what they are. Has an engine of its own, beside any gateway's.
struct UpstreamProbe: Sendable {
    /// What an upstream answered.
    struct Answer: Sendable {
        /// The status code.
        let status: Int
        /// The body; nil where it is longer than `longestBody`.
        let body: ByteBuffer?
    }

    /// The longest body that is kept, in bytes.
    static let longestBody = 1 << 20

    private let engine: NIOLoopBound<CurlEngine>

    /// Runs a body with a probe; what it still asks at its end is broken off.
    static func with<Result>(_ body: (UpstreamProbe) async throws -> Result) async throws -> Result {
        let poller = try ReadinessPoller()
        defer { poller.stop() }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let engine = try await loop.submit {
            let engine = try CurlEngine(loop: loop, clock: SystemLoopClock(loop), poller: poller)
            return NIOLoopBound(engine, eventLoop: loop)
        }.get()
        do {
            let result = try await body(UpstreamProbe(engine: engine))
            try await loop.submit { engine.value.close() }.get()
            return result
        } catch {
            try await loop.submit { engine.value.close() }.get()
            throw error
        }
    }

    /// The upstream's answer, asked for at once, so that several can be under way.
    ///
    /// - Parameter headers: the credential, where there is one.
    /// - Returns: the answer, or what the transport says.
    func models(of upstream: Upstream, headers: HeaderFields) -> EventLoopFuture<Answer> {
        get("/models", of: upstream, headers: headers)
    }

    /// The upstream's answer to a path below its base.
    func get(_ path: String, of upstream: Upstream, headers: HeaderFields) -> EventLoopFuture<Answer> {
        ask("GET", path, of: upstream, headers: headers)
    }

    /// The upstream's answer to a request without a body.
    func ask(
        _ method: String, _ path: String, of upstream: Upstream, headers: HeaderFields
    ) -> EventLoopFuture<Answer> {
        let request = UpstreamRequest(
            method: method, upstream: upstream, target: upstream.basePath + path, headers: headers,
            body: .none
        )
        let reply = engine.eventLoop.makePromise(of: Answer.self)
        engine.eventLoop.execute {
            let sink = ProbeSink(reply)
            sink.call = engine.value.start(request, sink: sink)
        }
        return reply.futureResult
    }
}

/// Keeps status and body.
private final class ProbeSink: UpstreamSink {
    var call: (any UpstreamCall)?
    private let reply: EventLoopPromise<UpstreamProbe.Answer>
    private var status = 0
    private var body = ByteBuffer()

    init(_ reply: EventLoopPromise<UpstreamProbe.Answer>) {
        self.reply = reply
    }

    func upstreamDidAnswer(_ head: UpstreamReplyHead) { status = head.status }
    func acceptsBody() -> Bool { true }

    func upstreamDidSend(_ bytes: ByteBuffer) {
        guard bytes.readableBytes <= UpstreamProbe.longestBody - body.readableBytes else {
            call?.cancel()
            return reply.succeed(.init(status: status, body: nil))
        }
        body.writeImmutableBuffer(bytes)
    }

    func upstreamDidDrain() {}
    func upstreamWantsBody() {}
    func upstreamDidFinish() { reply.succeed(.init(status: status, body: body)) }
    func upstreamDidFail(_ error: UpstreamError) { reply.fail(error) }
}
