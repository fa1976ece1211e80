import LoopTiming
import MemoryCore
import NIOCore
import Synchronization

/// Wall time and the time of one event loop, which move together when a test says so, to the next timer or to
/// any moment before it.
final class StepClock: LoopClock, Sendable {
    private struct Timer: Sendable {
        var at: Int64
        var body: NIOLoopBound<() -> Void>
    }

    private struct State: Sendable {
        var microseconds: Int64 = 0
        var last = 0
        var timers: [Int: Timer] = [:]
    }

    private static let beginning: Int64 = 1_795_000_000_000_000
    private let state = Mutex(State())
    let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// The time of the loop.
    var now: NIODeadline {
        .uptimeNanoseconds(UInt64(state.withLock { $0.microseconds }) * 1000 + 1_000_000_000)
    }

    /// The wall clock.
    var wall: Timestamp { Timestamp(microseconds: Self.beginning + state.withLock { $0.microseconds }) }

    /// Timers that are set.
    var count: Int { state.withLock { $0.timers.count } }

    func schedule(at deadline: NIODeadline, _ body: @escaping () -> Void) -> LoopTimer {
        let at = (Int64(deadline.uptimeNanoseconds) - 1_000_000_000) / 1000
        let timer = Timer(at: at, body: NIOLoopBound(body, eventLoop: loop))
        let number = state.withLock { state in
            state.last += 1
            state.timers[state.last] = timer
            return state.last
        }
        return LoopTimer { [self] in state.withLock { $0.timers[number] = nil } }
    }

    /// When the first timer is due, or nil.
    var next: Timestamp? {
        let first = state.withLock { $0.timers.values.map(\.at).min() }
        return first.map { Timestamp(microseconds: Self.beginning + $0) }
    }

    /// Moves on to a moment at which no timer is due before.
    func move(to moment: Timestamp) {
        state.withLock { $0.microseconds = max($0.microseconds, moment.microseconds - Self.beginning) }
    }

    /// Leaves out whole seconds before a moment, in which timers that look every second would find nothing.
    func skip(until moment: Timestamp) {
        state.withLock { state in
            guard let first = state.timers.values.map(\.at).min() else { return }
            let left = moment.microseconds - Self.beginning - first
            guard left >= 1_000_000 else { return }
            let whole = left / 1_000_000 * 1_000_000
            for number in state.timers.keys { state.timers[number]?.at += whole }
        }
    }

    /// Moves on to the first timer, and calls it back.
    func fire() async throws {
        let timer = state.withLock { state -> Timer? in
            guard let first = state.timers.min(by: { ($0.value.at, $0.key) < ($1.value.at, $1.key) }) else {
                return nil
            }
            state.timers[first.key] = nil
            state.microseconds = max(state.microseconds, first.value.at)
            return first.value
        }
        guard let timer else { return }
        try await loop.submit { timer.body.value() }.get()
    }

    /// Forgets every timer: their process has ended.
    func forget() { state.withLock { $0.timers = [:] } }
}
