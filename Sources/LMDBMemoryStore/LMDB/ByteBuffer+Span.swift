internal import NIOCore

extension ByteBuffer {
    /// A buffer that holds a copy of the bytes.
    @inline(__always)
    init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBytes { raw in unsafe ByteBuffer(bytes: raw) }
    }
}

extension [UInt8] {
    /// A copy of the bytes.
    init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBytes { raw in unsafe [UInt8](raw) }
    }

    /// Adds a copy of the bytes.
    @inline(__always)
    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { raw in unsafe append(contentsOf: raw) }
    }
}
