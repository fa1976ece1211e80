/// What memory does with an exchange (`X-Memory-Mode`).
package enum MemoryMode: String, Hashable, Sendable, CaseIterable {
    /// Inject and record.
    case full
    /// Inject, don't record.
    case read
    /// Record, don't inject.
    case write
    /// Neither.
    case off

    /// Whether something may be injected.
    package var injects: Bool { self == .full || self == .read }

    /// Whether the exchange is recorded.
    package var records: Bool { self == .full || self == .write }
}
