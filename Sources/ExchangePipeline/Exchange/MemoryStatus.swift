internal import MemoryStore

/// What memory did, as `X-Memory-Status` says it.
enum MemoryStatus: Hashable, Sendable {
    /// Why memory left an exchange alone.
    enum Skip: String, Hashable, Sendable, CaseIterable {
        /// A side task: title, tags and the like.
        case sideRequest = "side-request"
        /// The model's window, or the settings, leave no room.
        case budget
        /// A body without messages.
        case body
        /// The gateway's own 4xx.
        case error
    }

    case ok
    case off
    case skipped(Skip)
    case degraded(Degradation)

    /// Whether memory did less than it should: of two words that one is said.
    var isDegraded: Bool {
        if case .degraded = self { true } else { false }
    }

    /// The header's value.
    var headerValue: String {
        switch self {
        case .ok: "ok"
        case .off: "off"
        case .skipped(let why): "skipped; reason=\(why.rawValue)"
        case .degraded(let why): "degraded; reason=\(why.rawValue)"
        }
    }
}

extension Degradation {
    /// What a failure of the store means for a reply.
    init(_ error: StoreError) {
        self = error.code == .full ? .storeFull : .storeError
    }
}
