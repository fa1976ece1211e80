internal import Synchronization

/// How often values fell below each of a few bounds, and their sum. An observation is two relaxed additions,
/// from any thread; a page that is read meanwhile may be one observation behind in one of the two.
public final class Histogram: Sendable {
    /// What is measured: whole units, their bounds, and how many make one unit of the page.
    public struct Scale: Sendable {
        /// Upper bounds, rising; what is above the last one counts too.
        let bounds: [Int]
        /// How many units make one of those that the page shows.
        let unit: Double

        /// Durations in nanoseconds, shown in seconds.
        public static let seconds = Scale(
            bounds: [
                50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
                50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
                5_000_000_000, 10_000_000_000, 30_000_000_000, 60_000_000_000, 300_000_000_000,
            ], unit: 1e9)

        /// Counts up to a thousand.
        public static let counts = Scale(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], unit: 1)
    }

    /// What it has seen.
    struct Reading {
        /// Each bound as the page writes it, and how many values were at most that.
        var atMost: [(bound: String, count: Int)] = []
        var count = 0
        var sum = 0.0
    }

    private let scale: Scale
    /// One for each bound, and one for what is above.
    private let buckets: [Counter]
    private let sum = Atomic<Int>(0)

    /// A histogram that has seen nothing.
    public init(_ scale: Scale) {
        self.scale = scale
        buckets = (0...scale.bounds.count).map { _ in Counter() }
    }

    /// Takes a value in; one below zero counts as zero.
    public func observe(_ value: Int) {
        var place = 0
        while place < scale.bounds.count, value > scale.bounds[place] { place += 1 }
        buckets[place].add()
        sum.add(max(0, value), ordering: .relaxed)
    }

    var reading: Reading {
        var reading = Reading()
        for (bound, bucket) in zip(scale.bounds, buckets) {
            reading.count += bucket.value
            reading.atMost.append(("\(Double(bound) / scale.unit)", reading.count))
        }
        reading.count += buckets.last?.value ?? 0
        reading.sum = Double(sum.load(ordering: .relaxed)) / scale.unit
        return reading
    }
}
