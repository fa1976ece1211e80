/// What a session is.
public enum SessionScope: String, CaseIterable, Hashable, Sendable {
    /// A conversation, as its client tells them apart.
    case conversation
    /// The one that a user is in, whatever is talked of.
    case user
    /// The one that a room is in.
    case chat
}

/// What clients send of a conversation.
public enum SessionHistory: String, CaseIterable, Hashable, Sendable {
    /// Either: each request shows which.
    case auto
    /// The whole conversation each time.
    case full
    /// Only what is new.
    case newest
}
