internal import NIOCore
internal import Synchronization
internal import SystemCalls

/// Says «ready» to engines: the kernel does it where it can, else one thread for all of them, which does
/// nothing else.
///
/// NIO cannot wait on a foreign epoll descriptor (a pipe channel over one traps at its first event). The
/// thread therefore nests each engine's own queue in its own, one shot at a time: the engine arms it anew
/// after it has drained, from its own loop.
package final class ReadinessPoller: Sendable {
    private struct State {
        var wake: [UInt64: @Sendable () -> Void] = [:]
        var nextTag: UInt64 = 1
        var isStopped = false
        var thread: SystemThread?
    }

    private let queue: EpollQueue
    private let stopSignal: EventDescriptor
    private let state = Mutex(State())
    private static let stopTag: UInt64 = 0
    private let usesKernel: Bool

    /// Starts no thread yet.
    ///
    /// - Parameter usesKernel: whether the kernel is asked first.
    package init(usesKernel: Bool = true) throws {
        self.usesKernel = usesKernel
        queue = try EpollQueue()
        stopSignal = try EventDescriptor()
        try queue.add(stopSignal.descriptor, .readable, tag: Self.stopTag)
    }

    /// A way to be told of an engine's queue, armed; `wake` is called on the loop.
    func readiness(
        of engineQueue: EpollQueue, on loop: any EventLoop, wake: @escaping () -> Void
    ) throws -> any Readiness {
        if usesKernel, let readiness = try? KernelReadiness(engineQueue, on: loop, wake: wake) {
            return readiness
        }
        try startThread()
        return try ThreadReadiness(engineQueue, by: self, on: loop, wake: wake)
    }

    private func startThread() throws {
        try state.withLock { state in
            guard state.thread == nil, !state.isStopped else { return }
            state.thread = try SystemThread(named: "upstream-poll") { [self] in run() }
        }
    }

    /// Nests an engine's queue, unarmed.
    ///
    /// - Parameter wake: called on the poller's thread each time the armed queue has an event.
    /// - Returns: the tag to arm and remove it by.
    func add(_ engineQueue: EpollQueue, wake: @escaping @Sendable () -> Void) throws -> UInt64 {
        let tag = state.withLock { state in
            let tag = state.nextTag
            state.nextTag += 1
            state.wake[tag] = wake
            return tag
        }
        try queue.add(engineQueue.descriptor, .once, tag: tag)
        return tag
    }

    /// Reports the engine's queue at its next event, or at once if it has one already.
    func arm(_ engineQueue: EpollQueue, tag: UInt64) throws {
        try queue.modify(engineQueue.descriptor, [.readable, .once], tag: tag)
    }

    /// Takes an engine's queue out.
    func remove(_ engineQueue: EpollQueue, tag: UInt64) {
        state.withLock { $0.wake[tag] = nil }
        try? queue.remove(engineQueue.descriptor)
    }

    /// Ends the thread, if there is one, and waits for it; once.
    package func stop() {
        let thread = state.withLock { state in
            state.isStopped = true
            return state.thread.take()
        }
        stopSignal.signal()
        thread?.join()
    }

    private func run() {
        while !state.withLock({ $0.isStopped }) {
            let outcome = try? queue.wait(milliseconds: -1) { event in
                let wake = state.withLock { $0.wake[event.tag] }
                wake?()
            }
            if outcome == nil { return }
        }
    }
}
