internal import Synchronization

/// A number that rises and falls, from any thread.
public final class Gauge: Sendable {
    private let number = Atomic<Int>(0)

    /// Zero.
    public init() {}

    /// Rises, or falls by a negative number.
    public func add(_ change: Int) {
        number.add(change, ordering: .relaxed)
    }

    /// The number now.
    public var value: Int { number.load(ordering: .relaxed) }
}
