internal import Synchronization

/// How many gateways tests run at a time: tests all begin at once, and what each of them waits for should
/// not have to wait for hundreds of others.
enum GatewaySlots {
    private static let most = 48

    private struct State {
        var used = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private static let state = Mutex(State())
    /// Whether the task has a slot: a gateway within a gateway's test waits for no other one.
    @TaskLocal private static var isHeld = false

    /// Runs a body once there is room.
    static func with<Result>(_ body: () async throws -> Result) async throws -> Result {
        guard !isHeld else { return try await body() }
        await take()
        defer { giveBack() }
        return try await $isHeld.withValue(true) { try await body() }
    }

    private static func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.used >= most else {
                    state.used += 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Passes the slot on to who waits longest.
    private static func giveBack() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.used -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
