/// The language of our own words in blocks, labels and commands (`gateway.language`).
public enum Language: String, CaseIterable, Hashable, Sendable {
    /// English.
    case en
    /// Chinese.
    case zh
}
