internal import Synchronization
package import UpstreamClient

/// Whether a model server was reached when it was asked last. Nobody asks on purpose: requests tell.
package final class UpstreamHealth: Sendable {
    /// What is known.
    package enum State: UInt8, Sendable {
        /// Nothing was asked of it since the settings were read.
        case unknown
        /// It answered, whatever it said.
        case ok
        /// No connection came about.
        case unreachable
    }

    private let stored = Atomic<UInt8>(State.unknown.rawValue)

    /// Nothing is known.
    package init() {}

    /// What is known now.
    package var state: State { State(rawValue: stored.load(ordering: .relaxed)) ?? .unknown }

    /// A request has told.
    package func note(_ state: State) {
        // Nearly every request tells what is known: reading leaves the line where it is.
        guard stored.load(ordering: .relaxed) != state.rawValue else { return }
        stored.store(state.rawValue, ordering: .relaxed)
    }
}

extension UpstreamError {
    /// Whether no connection came about.
    package var isUnreachable: Bool {
        code == .unreachable || code == .timeout && retry == .safe
    }
}
