internal import CSystemCalls

/// State behind a lock, and threads that sleep until it changes.
///
/// For threads that block by design (a writer, a reader); what never blocks uses `Mutex`.
@safe public final class Monitor<State>: @unchecked Sendable {
    // Sendable because `state` is touched only between lock and unlock of the monitor.
    private let monitor: UnsafeMutableRawPointer
    private var state: State

    /// A monitor over its first state.
    public init(_ state: sending State) {
        unsafe monitor = memgate_monitor_make()
        self.state = state
    }

    /// Works on the state under the lock, then wakes every sleeper so that it looks again.
    public func update<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        defer { wake() }
        return try look(body)
    }

    /// Wakes every sleeper so that it looks again. To be called after the change, outside of the lock, which
    /// a sleeper could only wait for.
    public func wake() {
        unsafe memgate_monitor_wake(monitor)
    }

    /// Works on the state under the lock and wakes nobody.
    public func look<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe memgate_monitor_lock(monitor)
        defer { unsafe memgate_monitor_unlock(monitor) }
        return try body(&state)
    }

    /// Sleeps until `body` has a result: it is asked under the lock, after each update and when the moment
    /// has come (monotonic nanoseconds) that it asked for.
    public func wait<Result>(_ body: (inout State) -> Awaited<Result>) -> Result {
        unsafe memgate_monitor_lock(monitor)
        defer { unsafe memgate_monitor_unlock(monitor) }
        while true {
            switch body(&state) {
            case .now(let result): return result
            case .sleep(let moment): unsafe memgate_monitor_wait(monitor, moment ?? Int64.max)
            }
        }
    }

    deinit {
        unsafe memgate_monitor_free(monitor)
    }
}

/// What a thread that waits on a monitor has found.
public enum Awaited<Result> {
    /// The wait is over.
    case now(Result)
    /// Nothing yet: look again at the latest at this moment, or only after an update.
    case sleep(until: Int64?)
}
