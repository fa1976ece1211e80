/// A member name packed into three words, so that a switch over names compares numbers.
///
/// Names over 24 bytes equal nothing. Literals fold to constants.
public struct JSONName: Equatable, Sendable, ExpressibleByStringLiteral {
    /// The length in bytes, -1 where it is over 24.
    @usableFromInline let count: Int
    /// Bytes 0 to 7, the first one lowest.
    @usableFromInline let first: UInt64
    /// Bytes 8 to 15.
    @usableFromInline let second: UInt64
    /// Bytes 16 to 23.
    @usableFromInline let third: UInt64

    /// A name from a literal of at most 24 bytes.
    @inlinable @inline(__always)
    public init(stringLiteral literal: String) {
        self.init(literal)
    }

    /// A name from a text; over 24 bytes it equals nothing.
    @inlinable @inline(__always)
    public init(_ text: String) {
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var index: UInt64 = 0
        for byte in text.utf8 {
            let shifted = UInt64(byte) &<< ((index & 7) &* 8)
            if index < 8 {
                words.0 |= shifted
            } else if index < 16 {
                words.1 |= shifted
            } else {
                words.2 |= shifted
            }
            index &+= 1
        }
        count = index <= 24 ? Int(index) : -1
        (first, second, third) = words
    }

    /// The name that stands in a part of a span, without escapes; over 24 bytes it equals nothing.
    public init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        count = range.count <= 24 ? range.count : -1
        first = Self.word(bytes, range, from: 0)
        second = range.count > 8 ? Self.word(bytes, range, from: 8) : 0
        third = range.count > 16 ? Self.word(bytes, range, from: 16) : 0
    }

    private static func word(_ bytes: Span<UInt8>, _ range: Range<Int>, from start: Int) -> UInt64 {
        let offset = range.lowerBound &+ start
        let count = Swift.min(range.upperBound &- offset, 8)
        guard offset &+ 8 <= bytes.count else { return bytes.partialWord(at: offset, count: count) }
        let unwanted = UInt64(8 &- count) &* 8
        return (bytes.word(at: offset) << unwanted) >> unwanted
    }

    /// The names are the same, byte for byte.
    @inlinable @inline(__always)
    public static func == (left: JSONName, right: JSONName) -> Bool {
        left.first == right.first && left.count == right.count && left.second == right.second
            && left.third == right.third && left.count >= 0
    }
}
