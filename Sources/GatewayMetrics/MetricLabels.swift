/// What the values of one metric are told apart by. There are few of them and all are known beforehand, so
/// that no request can make a page grow.
public protocol MetricLabels: Sendable {
    /// The labels' names.
    static var names: [String] { get }
    /// Every combination of values that there is.
    static var all: [Self] { get }
    /// This one's place among all.
    var place: Int { get }
    /// This one's values, in the order of the names.
    var values: [String] { get }
}

/// A counter for each combination of labels.
public final class LabelledCounters<Labels: MetricLabels>: Sendable {
    @usableFromInline let counters = Labels.all.map { _ in Counter() }

    /// Nothing counted yet.
    public init() {}

    /// The counter of a combination.
    @inlinable
    public subscript(_ labels: Labels) -> Counter { counters[labels.place] }

    /// The combinations and their counts.
    var counts: [(labels: Labels, count: Int)] {
        zip(Labels.all, counters).map { ($0, $1.value) }
    }
}

/// A histogram for each combination of labels.
public final class LabelledHistograms<Labels: MetricLabels>: Sendable {
    @usableFromInline let histograms: [Histogram]

    /// Histograms that have seen nothing.
    public init(_ scale: Histogram.Scale) {
        histograms = Labels.all.map { _ in Histogram(scale) }
    }

    /// The histogram of a combination.
    @inlinable
    public subscript(_ labels: Labels) -> Histogram { histograms[labels.place] }

    var all: [(labels: Labels, histogram: Histogram)] { Array(zip(Labels.all, histograms)) }
}
