extension [UInt8] {
    /// Appends a part of a span.
    @inlinable
    public mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let part = bytes.extracting(range)
        append(addingCapacity: part.count) { output in
            for index in 0..<part.count { output.append(part[index]) }
        }
    }

    /// Appends the UTF-8 of a scalar.
    @inlinable
    public mutating func append(_ scalar: Unicode.Scalar) {
        for byte in String(scalar).utf8 { append(byte) }
    }
}
