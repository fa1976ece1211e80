package import Logging
internal import Synchronization

/// What all loops of the proxy listener share.
package final class ProxyShared: Sendable {
    /// Names this process in `X-Memory-Hop`.
    package let hopName: String
    let logger: Logger
    private let openConnections = Atomic<Int>(0)
    private let running = Mutex(Running())
    private let draining = Atomic<Bool>(false)

    /// - Parameter hopName: names this process in `X-Memory-Hop`.
    package init(hopName: String, logger: Logger) {
        self.hopName = hopName
        self.logger = logger
    }

    /// Requests under way, and who waits for their end.
    private struct Running {
        var requests = 0
        var waiting: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
            defer { waiting = [] }
            return waiting
        }
    }

    func requestBegan() {
        running.withLock { $0.requests += 1 }
    }

    func requestEnded() {
        let waiting = running.withLock { running in
            running.requests -= 1
            return running.requests == 0 ? running.takeWaiting() : []
        }
        for continuation in waiting { continuation.resume() }
    }

    /// What the end of a gateway waits for.
    package enum Work: Sendable {
        /// Requests whose reply is not finished.
        case requests
        /// Connections: a finished reply may still be on its way to a slow client.
        case connections
    }

    /// Returns when there is none of it, or when the time is up.
    package func whenNone(_ work: Work, until end: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.none(work) }
            group.addTask { try? await Task.sleep(until: end, clock: .continuous) }
            await group.next()
            resumeWaiting()
            group.cancelAll()
        }
    }

    private func none(_ work: Work) async {
        await withCheckedContinuation { continuation in
            let isDone = running.withLock { running in
                let count = work == .requests ? running.requests : connectionCount
                if count > 0 { running.waiting.append(continuation) }
                return count == 0
            }
            if isDone { continuation.resume() }
        }
    }

    private func resumeWaiting() {
        let waiting = running.withLock { running in running.takeWaiting() }
        for continuation in waiting { continuation.resume() }
    }

    /// Whether the gateway is shutting down.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// From now on requests are refused.
    package func startDraining() { draining.store(true, ordering: .relaxed) }

    /// Connections that are open now.
    package var connectionCount: Int { openConnections.load(ordering: .relaxed) }

    /// - Returns: how many are open, this one included.
    func connectionOpened() -> Int { openConnections.add(1, ordering: .relaxed).newValue }

    func connectionClosed() {
        let left = openConnections.subtract(1, ordering: .relaxed).newValue
        // The lock is taken after the count fell: who saw the old one waits already and is found.
        if left == 0, isDraining { resumeWaiting() }
    }
}
