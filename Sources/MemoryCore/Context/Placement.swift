/// Where the standing block goes (`context.placement`).
public enum Placement: String, CaseIterable, Hashable, Sendable {
    /// Behind the text of the client's last leading system message, or as one where there is none.
    case merge
    /// Always as a system message of its own.
    case system
    /// In front of the first user message's text.
    case user

    /// What is tried where a model refuses this one.
    public var fallback: Placement {
        switch self {
        case .merge, .system: .user
        case .user: .merge
        }
    }
}
