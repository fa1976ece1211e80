internal import Synchronization

/// Something that happens once, and that tests wait for instead of sleeping.
final class Event<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiting: [CheckedContinuation<Value, Never>] = []
        var callbacks: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// What it brought, once it has happened.
    var value: Value? { state.withLock { $0.value } }

    /// It happens; a second time changes nothing.
    func fire(_ value: Value) {
        let (waiting, callbacks) = state.withLock { state in
            guard state.value == nil else {
                return ([CheckedContinuation<Value, Never>](), [@Sendable () -> Void]())
            }
            state.value = value
            defer { (state.waiting, state.callbacks) = ([], []) }
            return (state.waiting, state.callbacks)
        }
        for continuation in waiting { continuation.resume(returning: value) }
        for callback in callbacks { callback() }
    }

    /// Returns once it has happened.
    func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiting.append(continuation) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }

    /// Calls back once it has happened, on whatever thread makes it happen.
    func whenFired(_ body: @escaping @Sendable () -> Void) {
        let hasHappened = state.withLock { state in
            if state.value == nil { state.callbacks.append(body) }
            return state.value != nil
        }
        if hasHappened { body() }
    }
}

extension Event<Void> {
    /// It happens.
    func fire() { fire(()) }
}
