extension Span<UInt8> {
    /// Eight bytes from an offset on, the first one lowest: one load, one bounds check.
    ///
    /// The narrowed span lets the optimiser drop the checks of the eight single reads and merge them.
    @inlinable @inline(__always)
    public func word(at offset: Int) -> UInt64 {
        let eight = extracting(offset..<(offset &+ 8))
        return UInt64(eight[0]) | UInt64(eight[1]) << 8 | UInt64(eight[2]) << 16 | UInt64(eight[3]) << 24
            | UInt64(eight[4]) << 32 | UInt64(eight[5]) << 40 | UInt64(eight[6]) << 48 | UInt64(eight[7])
            << 56
    }

    /// Up to eight bytes from an offset on, zeros behind the end of the span.
    @inlinable
    public func partialWord(at offset: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        var index = Swift.min(offset &+ count, self.count)
        while index > offset {
            index &-= 1
            word = word << 8 | UInt64(self[index])
        }
        return word
    }
}

extension UInt64 {
    /// The byte in all eight places.
    @inlinable @inline(__always)
    public static func everyByte(_ byte: UInt8) -> UInt64 {
        UInt64(byte) &* 0x0101_0101_0101_0101
    }

    /// The top bit of each byte that is zero; bytes above the lowest such one may be marked falsely.
    @inlinable @inline(__always)
    public var zeroBytes: UInt64 {
        (self &- .everyByte(0x01)) & ~self & .everyByte(0x80)
    }
}
