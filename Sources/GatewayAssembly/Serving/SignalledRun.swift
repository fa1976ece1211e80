internal import ServiceLifecycle
internal import UnixSignals

/// Runs services until a signal ends them.
struct SignalledRun {
    private let signals: UnixSignalsSequence

    /// Takes SIGTERM and SIGINT over from now on: one that comes before the run begins ends it then.
    init() async {
        signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    }

    /// Runs until a signal, then shuts down gracefully; a second signal ends the waiting at once.
    func run(_ group: ServiceGroup) async throws {
        let signals = signals
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var count = 0
                for await _ in signals {
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
