internal import SystemCalls

/// Runs reads that may wait for the disk, one after another, off the event loops.
final class ReaderThread: Sendable {
    private struct State: Sendable {
        var waiting: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state = Monitor(State())
    private let thread: SystemThread
    /// Beyond that the asking thread reads for itself, which slows it down to what the disk gives.
    private static let maximumWaiting = 4096

    init() throws(SystemError) {
        let state = state
        thread = try SystemThread(named: "memgate-reader") { Self.run(state) }
    }

    /// Runs a body once: on the reader thread, or here where that has too much to do or has ended.
    func run(_ body: @escaping @Sendable () -> Void) {
        let isTaken = state.update { state in
            guard !state.isClosed, state.waiting.count < Self.maximumWaiting else { return false }
            state.waiting.append(body)
            return true
        }
        if !isTaken { body() }
    }

    /// Runs what waits, then ends the thread.
    func close() {
        state.update { $0.isClosed = true }
        thread.join()
    }

    private static func run(_ state: Monitor<State>) {
        while true {
            let bodies = state.wait { state -> Awaited<[@Sendable () -> Void]?> in
                guard state.waiting.isEmpty else {
                    defer { state.waiting = [] }
                    return .now(state.waiting)
                }
                return state.isClosed ? .now(nil) : .sleep(until: nil)
            }
            guard let bodies else { return }
            for body in bodies { body() }
        }
    }
}
