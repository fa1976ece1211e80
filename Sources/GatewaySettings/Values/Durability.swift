/// When a reply counts as kept.
public enum Durability: String, CaseIterable, Hashable, Sendable {
    /// The end of a reply is held until its round is on disk.
    case acknowledged
    /// Replies do not wait; the commit is the same.
    case relaxed
}
