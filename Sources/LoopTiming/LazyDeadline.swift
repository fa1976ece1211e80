package import NIOCore

/// A deadline on an event loop that costs nothing to move later.
///
/// Most deadlines are set and moved thousands of times and never pass. A task of the loop is scheduled only
/// when none runs that fires early enough; when it fires too early it looks again. To be used on its loop
/// only.
package final class LazyDeadline {
    private let clock: any LoopClock
    private let onExpiry: () -> Void
    private var deadline: NIODeadline?
    private var task: LoopTimer?
    private var taskAt: NIODeadline?

    /// A deadline that is not set. `onExpiry` is called on the loop, once per passing; it must not keep the
    /// owner.
    package init(clock: any LoopClock, onExpiry: @escaping () -> Void) {
        self.clock = clock
        self.onExpiry = onExpiry
    }

    deinit {
        task?.cancel()
    }

    /// Sets the deadline, or moves it.
    package func set(after amount: TimeAmount) {
        let at = clock.now + amount
        deadline = at
        if let taskAt, taskAt <= at { return }
        schedule(at)
    }

    /// Takes the deadline back.
    package func clear() {
        deadline = nil
    }

    private func schedule(_ at: NIODeadline) {
        task?.cancel()
        taskAt = at
        task = clock.schedule(at: at) { [weak self] in self?.fired() }
    }

    private func fired() {
        task = nil
        taskAt = nil
        guard let deadline else { return }
        guard deadline <= clock.now else { return schedule(deadline) }
        self.deadline = nil
        onExpiry()
    }
}
