package import MemoryCore

/// Keeps calls away from a model that fails: open after some failures in a row, it lets one call through when
/// a while has passed, whose outcome decides.
package struct Breaker: Sendable {
    /// Failures in a row that open it.
    package static let failures = 3
    /// Microseconds until a probe.
    package static let coolDown: Int64 = 60_000_000

    private var failures = 0
    private var openUntil: Timestamp?
    private var isProbing = false

    /// A closed one.
    package init() {}

    /// What it says to a call.
    package enum Answer: Hashable, Sendable {
        /// Go on; say what came of it.
        case go
        /// Not before that moment.
        case wait(Timestamp)
    }

    /// Asks for a call.
    package mutating func ask(at now: Timestamp) -> Answer {
        guard let openUntil else { return .go }
        guard now >= openUntil, !isProbing else {
            return .wait(max(openUntil, now.advanced(byMicroseconds: 1_000_000)))
        }
        isProbing = true
        return .go
    }

    /// A call succeeded.
    package mutating func succeeded() {
        self = Breaker()
    }

    /// A call failed in a way that speaks of the model.
    package mutating func failed(at now: Timestamp) {
        failures += 1
        isProbing = false
        if failures >= Self.failures { openUntil = now.advanced(byMicroseconds: Self.coolDown) }
    }

    /// A call came to no end that speaks of the model.
    package mutating func gaveUp() {
        isProbing = false
    }

    /// Whether calls are kept away.
    package var isOpen: Bool { openUntil != nil }
}
