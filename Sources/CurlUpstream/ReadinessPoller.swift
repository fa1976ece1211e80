internal import Synchronization
internal import SystemCalls

/// One thread for all engines that does nothing but say «ready».
///
/// NIO cannot wait on a foreign epoll descriptor (a pipe channel over one traps at its first event), so each
/// engine's own queue is nested here, one shot at a time: the engine arms it anew after it has drained, from
/// its own loop.
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

    /// Starts the thread.
    package init() throws {
        queue = try EpollQueue()
        stopSignal = try EventDescriptor()
        try queue.add(stopSignal.descriptor, .readable, tag: Self.stopTag)
        let thread = try SystemThread(named: "upstream-poll") { [self] in run() }
        state.withLock { $0.thread = thread }
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

    /// Ends the thread and waits for it; once.
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
