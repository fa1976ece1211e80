internal import GatewayMetrics

/// The parts of an exchange that are timed. What a phase waits for counts as its own.
enum ExchangePhase: Int, MetricLabels, CaseIterable {
    /// The body is read; who asks, under which policy, and whether plugins let it in.
    case admit
    /// The session is found.
    case resolve
    /// The store and the plugins are asked for what goes in front.
    case recall
    /// It is put into its place.
    case assemble
    /// The model server thinks.
    case firstByte
    /// The reply is passed on, up to its end or the moment at which it is recorded.
    case relay
    /// The reply's end is held until its round is on the disk.
    case record

    static let names = ["phase"]
    static let all = allCases

    var place: Int { rawValue }
    var values: [String] { [self == .firstByte ? "first_byte" : "\(self)"] }
}
