internal import Synchronization

/// Breaks work off from outside: what the work waits for is ended, and the work finds out by that.
package final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        var last = 0
        var actions: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Nothing was broken off yet.
    package init() {}

    /// Whether it was broken off.
    package var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Breaks it off: once.
    package func cancel() {
        let actions = state.withLock { state in
            defer { state.actions = [:] }
            state.isCancelled = true
            return state.actions.values
        }
        for action in actions { action() }
    }

    /// Ends something when the work is broken off, or at once where it was.
    ///
    /// - Returns: a number for `forget`.
    package func onCancel(_ action: @escaping @Sendable () -> Void) -> Int {
        let (number, isCancelled) = state.withLock { state in
            state.last += 1
            if !state.isCancelled { state.actions[state.last] = action }
            return (state.last, state.isCancelled)
        }
        if isCancelled { action() }
        return number
    }

    /// There is nothing to be ended any longer.
    package func forget(_ number: Int) {
        state.withLock { $0.actions[number] = nil }
    }
}
