internal import ChatWire
internal import CurlUpstream
internal import LoopTiming
internal import NIOCore
internal import NIOPosix
internal import UpstreamClient

/// Asks an upstream for its models, to see whether it can be reached.
enum UpstreamProbe {
    /// The upstream's status code.
    ///
    /// - Parameter headers: the credential, where there is one.
    /// - Throws: what the transport says.
    static func status(of upstream: Upstream, headers: HeaderFields) async throws -> Int {
        let group = MultiThreadedEventLoopGroup.singleton
        let poller = try ReadinessPoller()
        defer { poller.stop() }
        let loop = group.next()
        let reply = loop.makePromise(of: Int.self)
        let engine = try await loop.submit {
            let engine = try CurlEngine(loop: loop, clock: SystemLoopClock(loop), poller: poller)
            let request = UpstreamRequest(
                method: "GET", upstream: upstream, target: upstream.basePath + "/models", headers: headers,
                body: .none)
            _ = engine.start(request, sink: ProbeSink(reply))
            return NIOLoopBound(engine, eventLoop: loop)
        }.get()
        let result = await Result { try await reply.futureResult.get() }
        try await loop.submit { engine.value.close() }.get()
        return try result.get()
    }
}

/// Keeps the status, throws the rest away.
private final class ProbeSink: UpstreamSink {
    private let reply: EventLoopPromise<Int>
    private var status = 0

    init(_ reply: EventLoopPromise<Int>) {
        self.reply = reply
    }

    func upstreamDidAnswer(_ head: UpstreamReplyHead) { status = head.status }
    func acceptsBody() -> Bool { true }
    func upstreamDidSend(_ bytes: ByteBuffer) {}
    func upstreamDidDrain() {}
    func upstreamWantsBody() {}
    func upstreamDidFinish() { reply.succeed(status) }
    func upstreamDidFail(_ error: UpstreamError) { reply.fail(error) }
}

extension Result where Failure == any Error {
    /// What an asynchronous body returns or throws.
    fileprivate init(catching body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
