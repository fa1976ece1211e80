/// Writes the value of one entry: a version byte, then members in a fixed order.
struct RecordWriter {
    private(set) var bytes: [UInt8]

    init(version: UInt8, expecting count: Int = 64) {
        bytes = []
        bytes.reserveCapacity(count)
        bytes.append(version)
    }

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    /// A number in groups of seven bits, least significant first.
    mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A number whose sign is folded into its lowest bit, so that small ones stay short.
    mutating func signed(_ value: Int64) {
        unsigned(UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
    }

    mutating func integer(_ value: Int) {
        signed(Int64(value))
    }

    mutating func optional(_ value: Int64?) {
        byte(value == nil ? 0 : 1)
        if let value { signed(value) }
    }

    /// Eight bytes, most significant first: for what is random anyway.
    mutating func fixed(_ value: UInt64) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func text(_ value: String) {
        unsigned(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func optional(_ value: String?) {
        byte(value == nil ? 0 : 1)
        if let value { text(value) }
    }

    mutating func blob(_ value: Span<UInt8>) {
        unsigned(UInt64(value.count))
        bytes.append(copying: value)
    }
}
