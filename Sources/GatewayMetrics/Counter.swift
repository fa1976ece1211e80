internal import Synchronization

/// A number that only grows, from any thread: one relaxed addition.
public final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    /// Nothing counted yet.
    public init() {}

    /// Counts.
    public func add(_ more: Int = 1) {
        count.add(more, ordering: .relaxed)
    }

    /// The count so far.
    public var value: Int { count.load(ordering: .relaxed) }
}
