internal import GatewayMetrics
internal import MemoryCore

/// Why steps were taken.
struct StepLabels: MetricLabels {
    static let names = ["cause"]
    static let all = causes.map(StepLabels.init)
    private static let causes = StepCause.allCases

    let cause: StepCause

    var place: Int { Self.causes.firstIndex(of: cause) ?? 0 }
    var values: [String] { [cause.rawValue] }
}
