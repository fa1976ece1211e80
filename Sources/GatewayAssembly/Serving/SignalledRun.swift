internal import ServiceLifecycle
internal import UnixSignals

/// Runs services until a signal ends them.
enum SignalledRun {
    /// Runs until SIGTERM or SIGINT, then shuts down gracefully; a second signal ends the waiting at once.
    static func run(_ group: ServiceGroup) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
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
