internal import Synchronization

/// State that tasks of a test await: after each update they look again. So nothing ever sleeps or polls.
package final class Watched<State: Sendable>: Sendable {
    private struct Inner: Sendable {
        var state: State
        var version = 0
        var lastWaiter = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var cancelled: Set<Int> = []
    }

    private let inner: Mutex<Inner>

    /// State as it is at first.
    package init(_ state: State) {
        inner = Mutex(Inner(state: state))
    }

    /// Changes the state and wakes whoever waits for it.
    @discardableResult
    package func update<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, woken) = inner.withLock { inner in
            let result = body(&inner.state)
            inner.version += 1
            let woken = Array(inner.waiting.values)
            inner.waiting = [:]
            return (result, woken)
        }
        for continuation in woken { continuation.resume() }
        return result
    }

    /// What the state says now.
    package func look<Result: Sendable>(_ body: (State) -> Result) -> Result {
        inner.withLock { body($0.state) }
    }

    /// Waits until `look` finds something. It may take what it finds out of the state.
    package func value<Result: Sendable>(_ look: (inout State) throws -> Result?) async throws -> Result {
        while true {
            let (found, version) = try inner.withLock { inner in (try look(&inner.state), inner.version) }
            if let found { return found }
            try Task.checkCancellation()
            await change(since: version)
        }
    }

    /// Waits until a condition holds.
    package func until(_ condition: (State) -> Bool) async throws {
        _ = try await value { state in condition(state) ? true : nil }
    }

    private func change(since version: Int) async {
        let waiter = inner.withLock { inner in
            inner.lastWaiter += 1
            return inner.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = inner.withLock { inner in
                    if inner.version != version || inner.cancelled.remove(waiter) != nil { return true }
                    inner.waiting[waiter] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let continuation = inner.withLock { inner in
                if let waiting = inner.waiting.removeValue(forKey: waiter) { return Optional(waiting) }
                inner.cancelled.insert(waiter)
                return nil
            }
            continuation?.resume()
        }
    }
}
