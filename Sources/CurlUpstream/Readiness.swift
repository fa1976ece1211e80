internal import NIOCore
internal import NIOPosix
internal import SystemCalls

/// Says «ready» to an engine whose own queue has events: once each time it is armed, as it is when made. For
/// the engine's loop.
protocol Readiness {
    /// Calls back at the queue's next event, or soon if it has one already.
    func arm() throws
    /// Calls back no more.
    func close()
}

/// By the kernel alone: a poll of the queue signals an eventfd, which is a pipe to NIO.
final class KernelReadiness: Readiness {
    private let queue: EpollQueue
    private let event: EventDescriptor
    private let poll: KernelPoll
    private let channel: EventLoopFuture<any Channel>
    /// Set where the loop cannot wait for the eventfd: arming fails then, and the engine looks by itself.
    private let isLost: NIOLoopBoundBox<Bool>

    /// `wake` is called on the loop.
    ///
    /// - Throws: where the kernel does not do that.
    init(_ queue: EpollQueue, on loop: any EventLoop, wake: @escaping () -> Void) throws {
        self.queue = queue
        event = try EventDescriptor()
        poll = try KernelPoll()
        // Some systems have polls of other descriptors only: they say so here.
        try poll.submit(queue.descriptor, signalling: event)
        let isLost = NIOLoopBoundBox(false, eventLoop: loop)
        self.isLost = isLost
        let waker = NIOLoopBound(Waker(wake), eventLoop: loop)
        channel = NIOPipeBootstrap(group: loop)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(waker.value)
                }
            }
            .takingOwnershipOfDescriptor(input: try event.duplicate())
        channel.hop(to: loop).whenFailure { _ in
            isLost.value = true
            waker.value.wake()
        }
    }

    func arm() throws {
        guard !isLost.value else { throw Lost() }
        try poll.submit(queue.descriptor, signalling: event)
    }

    func close() {
        channel.whenSuccess { $0.close(promise: nil) }
    }

    private struct Lost: Error {}

    /// The eventfd's count says nothing more.
    private final class Waker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        let wake: () -> Void

        init(_ wake: @escaping () -> Void) {
            self.wake = wake
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            wake()
        }
    }
}

/// By a thread that waits for all engines.
final class ThreadReadiness: Readiness {
    private let queue: EpollQueue
    private let poller: ReadinessPoller
    private let tag: UInt64

    /// `wake` is called on the loop.
    init(
        _ queue: EpollQueue, by poller: ReadinessPoller, on loop: any EventLoop, wake: @escaping () -> Void
    ) throws {
        self.queue = queue
        self.poller = poller
        let wake = NIOLoopBound(wake, eventLoop: loop)
        tag = try poller.add(queue) { loop.execute { wake.value() } }
        try poller.arm(queue, tag: tag)
    }

    func arm() throws {
        try poller.arm(queue, tag: tag)
    }

    func close() {
        poller.remove(queue, tag: tag)
    }
}
