/// Names one exchange: 16 bytes, milliseconds since 1970 first, so that ids sort by time; written as 32 hex
/// digits.
public struct ExchangeID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes: 48 bits of time, 16 of chance.
    public let high: UInt64
    /// The last eight bytes: chance.
    public let low: UInt64

    /// An id from its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new id for a moment, in milliseconds since 1970.
    public init(milliseconds: Int64, using random: inout some RandomNumberGenerator) {
        high = UInt64(bitPattern: milliseconds) << 16 | UInt64.random(in: 0...0xFFFF, using: &random)
        low = UInt64.random(in: 0...UInt64.max, using: &random)
    }

    /// 32 lower-case hex digits.
    public var description: String {
        high.hexDigits + low.hexDigits
    }
}

extension UInt64 {
    /// 16 lower-case hex digits.
    public var hexDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
