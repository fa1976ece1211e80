internal import GatewayMetrics

extension MemoryStatus: MetricLabels {
    static let names = ["status", "reason"]
    // `allCases` makes an array each time that it is asked.
    private static let skips = Skip.allCases
    private static let degradations = Degradation.allCases
    static let all: [MemoryStatus] =
        [.ok, .off] + skips.map(MemoryStatus.skipped) + degradations.map(MemoryStatus.degraded)

    var place: Int {
        switch self {
        case .ok: 0
        case .off: 1
        case .skipped(let why): 2 + (Self.skips.firstIndex(of: why) ?? 0)
        case .degraded(let why):
            2 + Self.skips.count + (Self.degradations.firstIndex(of: why) ?? 0)
        }
    }

    var values: [String] {
        switch self {
        case .ok: ["ok", ""]
        case .off: ["off", ""]
        case .skipped(let why): ["skipped", why.rawValue]
        case .degraded(let why): ["degraded", why.rawValue]
        }
    }
}
