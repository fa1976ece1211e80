package import LoopTiming
package import NIOCore

/// Time that stands still until a test moves it on, for all event loops of a gateway.
package final class ManualTime: Sendable {
    private struct Timer: Sendable {
        var at: NIODeadline
        var loop: any EventLoop
        var body: NIOLoopBound<() -> Void>
    }

    private struct State: Sendable {
        var now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        var lastTimer = 0
        var timers: [Int: Timer] = [:]
        var loops: [any EventLoop] = []

        /// The first timer that is due by then, its time having come.
        mutating func takeFirst(until end: NIODeadline) -> Timer? {
            let due = timers.filter { $0.value.at <= end }
            guard let first = due.min(by: { ($0.value.at, $0.key) < ($1.value.at, $1.key) }) else {
                return nil
            }
            now = max(now, first.value.at)
            return timers.removeValue(forKey: first.key)
        }
    }

    private let state = Watched(State())

    /// Time that stands still.
    package init() {}

    /// The clock of a loop.
    package func clock(of loop: any EventLoop) -> any LoopClock {
        state.update { $0.loops.append(loop) }
        return Clock(self, loop)
    }

    /// Moves on, and calls back everything that becomes due, one after another, each at its time.
    ///
    /// What the system had taken for the gateway's sockets before the call is read before time moves.
    package func advance(by amount: TimeAmount) async throws {
        try await settle()
        let end = state.look(\.now) + amount
        while let timer = state.update({ $0.takeFirst(until: end) }) {
            try await timer.loop.submit { timer.body.value() }.get()
        }
        state.update { $0.now = end }
    }

    /// Moves on step by step until something is so: where no other sign says that the gateway waits already.
    package func advance(in step: TimeAmount, until isDone: () -> Bool) async throws {
        while !isDone() {
            try Task.checkCancellation()
            try await advance(by: step)
        }
    }

    /// A task that is submitted when another one has run is run after the sockets were looked at in between.
    private func settle() async throws {
        for loop in state.look(\.loops) {
            for _ in 0..<6 { try await loop.submit {}.get() }
        }
    }

    private final class Clock: LoopClock {
        private let time: ManualTime
        private let loop: any EventLoop

        init(_ time: ManualTime, _ loop: any EventLoop) {
            self.time = time
            self.loop = loop
        }

        var now: NIODeadline { time.state.look(\.now) }

        func schedule(at deadline: NIODeadline, _ body: @escaping () -> Void) -> LoopTimer {
            let timer = Timer(at: deadline, loop: loop, body: NIOLoopBound(body, eventLoop: loop))
            let number = time.state.update { state in
                state.lastTimer += 1
                state.timers[state.lastTimer] = timer
                return state.lastTimer
            }
            let state = time.state
            return LoopTimer { state.update { $0.timers[number] = nil } }
        }
    }
}
