import ChatWire
import GatewayTesting
import LoopTiming
import NIOCore
import NIOPosix
import SystemCalls
import Testing
import UpstreamClient

@testable import CurlUpstream

/// Both ways of being told that sockets are ready: by the kernel alone, and by a thread.
@Suite(.timeLimit(.minutes(15))) struct ReadinessTests {
    @Test(
        "ready is said once each time it was asked for, also of what was ready before",
        arguments: [true, false])
    func oneShot(usesKernel: Bool) async throws {
        let poller = try ReadinessPoller(usesKernel: usesKernel)
        defer { poller.stop() }
        let (queue, event, wakes) = (try EpollQueue(), try EventDescriptor(), Watched(0))
        try queue.add(event.descriptor, .readable, tag: 7)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let readiness = try await loop.submit {
            let made = try poller.readiness(of: queue, on: loop) { wakes.update { $0 += 1 } }
            #expect(made is KernelReadiness == usesKernel)
            return NIOLoopBound(made, eventLoop: loop)
        }.get()

        event.signal()
        try await wakes.until { $0 == 1 }
        event.signal()
        try await loop.submit { try readiness.value.arm() }.get()
        try await wakes.until { $0 == 2 }
        try await loop.submit { readiness.value.close() }.get()
        event.signal()
        for _ in 0..<10 { try await loop.submit {}.get() }
        #expect(wakes.look { $0 } == 2)
    }

    @Test("requests are answered, large replies too", arguments: [true, false])
    func requests(usesKernel: Bool) async throws {
        let body = String(repeating: "0123456789", count: 1 << 18)
        try await withUpstream(.always(ModelReply.whole(body))) { server in
            let upstream = Upstream(name: "u", origin: "http://127.0.0.1:\(server.port)", basePath: "/v1")
            let poller = try ReadinessPoller(usesKernel: usesKernel)
            defer { poller.stop() }
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let engine = try await loop.submit {
                let engine = try CurlEngine(loop: loop, clock: SystemLoopClock(loop), poller: poller)
                return NIOLoopBound(engine, eventLoop: loop)
            }.get()
            for _ in 0..<5 {
                let replies = (0..<10).map { _ in loop.makePromise(of: ByteBuffer.self) }
                try await loop.submit {
                    for reply in replies {
                        let request = UpstreamRequest(
                            method: "GET", upstream: upstream, target: "/v1/x", headers: HeaderFields(),
                            body: .none)
                        _ = engine.value.start(request, sink: GatheringSink(reply))
                    }
                }.get()
                for reply in replies {
                    #expect(try await reply.futureResult.get() == ByteBuffer(string: body))
                }
            }
            try await loop.submit { engine.value.close() }.get()
        }
    }
}

/// Gathers a reply's body.
private final class GatheringSink: UpstreamSink {
    private let reply: EventLoopPromise<ByteBuffer>
    private var body = ByteBuffer()

    init(_ reply: EventLoopPromise<ByteBuffer>) {
        self.reply = reply
    }

    func upstreamDidAnswer(_ head: UpstreamReplyHead) {}
    func acceptsBody() -> Bool { true }
    func upstreamDidSend(_ bytes: ByteBuffer) { body.writeImmutableBuffer(bytes) }
    func upstreamDidDrain() {}
    func upstreamWantsBody() {}
    func upstreamDidFinish() { reply.succeed(body) }
    func upstreamDidFail(_ error: UpstreamError) { reply.fail(error) }
}
