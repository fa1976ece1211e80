internal import ServiceLifecycle
internal import UnixSignals

/// Runs services until a signal ends them.
struct SignalledRun {
    private let signals: UnixSignalsSequence

    /// Takes SIGTERM, SIGINT and SIGHUP over from now on: one that comes before the run begins counts then.
    init() async {
        signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    }

    /// Runs until a signal to end, then shuts down gracefully; a second one ends the waiting at once.
    ///
    /// - Parameter hangUp: what SIGHUP does, one after the other.
    func run(_ group: ServiceGroup, hangUp: @escaping @Sendable () async -> Void) async throws {
        let signals = signals
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var count = 0
                for await signal in signals {
                    guard signal != .sighup else {
                        await hangUp()
                        continue
                    }
                    count += 1
                    guard count == 1 else { return }
                    await group.triggerGracefulShutdown()
                }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }
}
