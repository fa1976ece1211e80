internal import GatewayMetrics

/// By which way a request came, and how its exchange ended.
package struct ExchangeLabels: Sendable {
    /// The ways.
    package enum Route: String, Hashable, Sendable, CaseIterable {
        /// A memory route.
        case chatCompletions = "chat_completions"
        /// Anything that is passed through.
        case transparent
    }

    /// How exchanges end: as their records say, and two ways that leave none.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// A whole reply, on its way to the disk.
        case recorded
        /// No reply of the model server, or an error of its own to a request that is recorded.
        case failed
        /// A reply that was cut.
        case incomplete
        /// The client left before the end.
        case disconnected
        /// Passed on to its end; memory had no part in it, or could not take it.
        case notRecorded = "not_recorded"
        /// Answered with an error of the gateway's own before anything was passed on.
        case refused
    }

    let route: Route
    let outcome: Outcome
}

extension ExchangeLabels: MetricLabels {
    static let names = ["route", "outcome"]
    static let all = Route.allCases.flatMap { route in
        Outcome.allCases.map { ExchangeLabels(route: route, outcome: $0) }
    }

    private static let outcomes = Outcome.allCases.count

    var place: Int { route.place * Self.outcomes + outcome.place }
    var values: [String] { [route.rawValue, outcome.rawValue] }
}

extension ExchangeLabels.Route {
    fileprivate var place: Int {
        switch self {
        case .chatCompletions: 0
        case .transparent: 1
        }
    }
}

extension ExchangeLabels.Outcome {
    fileprivate var place: Int {
        switch self {
        case .recorded: 0
        case .failed: 1
        case .incomplete: 2
        case .disconnected: 3
        case .notRecorded: 4
        case .refused: 5
        }
    }
}
