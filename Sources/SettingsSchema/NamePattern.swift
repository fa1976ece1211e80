/// A pattern of names: `*` stands for any characters, everything else for itself.
public struct NamePattern: Hashable, Sendable {
    private let parts: [Substring]

    /// The pattern of a text.
    public init(_ text: String) {
        parts = text.split(separator: "*", omittingEmptySubsequences: false)
    }

    /// The pattern as it was written.
    public var text: String { parts.joined(separator: "*") }

    /// Whether a name fits, to its end.
    public func matches(_ name: String) -> Bool {
        guard let first = parts.first, let last = parts.last else { return false }
        guard parts.count > 1 else { return name == first }
        var rest = name[...]
        guard rest.hasPrefix(first) else { return false }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
