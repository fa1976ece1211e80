package import NIOCore

/// The time of one event loop, and callbacks at it. On its loop only.
///
/// Whatever waits for a while on a loop asks such a clock, so that tests can put one of their own in its
/// place.
package protocol LoopClock: AnyObject {
    /// The loop's time.
    var now: NIODeadline { get }

    /// Calls back on the loop at a time, or as soon after it as the loop can.
    @discardableResult
    func schedule(at deadline: NIODeadline, _ body: @escaping () -> Void) -> LoopTimer
}

/// A callback to come.
package struct LoopTimer {
    private let onCancel: () -> Void

    /// A callback that can be taken back so.
    package init(onCancel: @escaping () -> Void) {
        self.onCancel = onCancel
    }

    /// Takes it back, unless it was made.
    package func cancel() { onCancel() }
}

/// A loop's real time.
package final class SystemLoopClock: LoopClock {
    private let loop: any EventLoop

    /// The clock of a loop.
    package init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// See `LoopClock`.
    package var now: NIODeadline { loop.now }

    /// See `LoopClock`.
    package func schedule(at deadline: NIODeadline, _ body: @escaping () -> Void) -> LoopTimer {
        let task = loop.assumeIsolated().scheduleTask(deadline: deadline, body)
        return LoopTimer { task.cancel() }
    }
}
