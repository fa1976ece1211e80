internal import BackgroundJobs
internal import Synchronization

/// Lets one through at a time, in the order in which they came.
final class TurnQueue: Sendable {
    private struct State {
        var isTaken = false
        var last = 0
        var waiting: [(number: Int, resume: @Sendable (Bool) -> Void)] = []
    }

    private let state = Mutex(State())

    /// Waits for its turn.
    ///
    /// - Returns: whether it has come; false where it was broken off before. Who has it gives it back.
    func take(_ cancellation: Cancellation) async -> Bool {
        await withCheckedContinuation { continuation in
            let number = state.withLock { state -> Int? in
                guard state.isTaken else {
                    state.isTaken = true
                    return nil
                }
                state.last += 1
                state.waiting.append((state.last, { continuation.resume(returning: $0) }))
                return state.last
            }
            guard let number else { return continuation.resume(returning: true) }
            _ = cancellation.onCancel { [self] in leave(number) }
        }
    }

    private func leave(_ number: Int) {
        let found = state.withLock { state in
            state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
        }
        found?.resume(false)
    }

    /// The turn is over.
    func giveBack() {
        let next = state.withLock { state in
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            state.isTaken = next != nil
            return next
        }
        next?.resume(true)
    }
}
