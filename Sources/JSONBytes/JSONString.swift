/// A string found in JSON text: where its content lies, not a copy of it.
public struct JSONString: Hashable, Sendable {
    /// The bytes between the quotes.
    public let content: Range<Int>
    /// Whether the content holds a backslash, so that bytes and text differ.
    public let hasEscapes: Bool

    /// A string by its place.
    @inlinable
    public init(content: Range<Int>, hasEscapes: Bool) {
        self.content = content
        self.hasEscapes = hasEscapes
    }

    /// The string with its quotes.
    @inlinable
    public var range: Range<Int> { (content.lowerBound - 1)..<(content.upperBound + 1) }

    /// Whether it is `""`.
    @inlinable
    public var isEmpty: Bool { content.isEmpty }
}
