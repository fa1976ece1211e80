internal import CZlib
public import NIOCore

/// Decodes gzip (RFC 1952, several members in a row too) piece by piece, within a bound on what comes out.
@safe public final class GzipDecoder {
    /// Why decoding ended early.
    public enum Failure: Error, Hashable, Sendable {
        /// More came out than allowed.
        case tooLarge
        /// The data is no gzip, or broken.
        case malformed
        /// The data ends inside a member.
        case truncated
    }

    private static let chunkBytes = 16 * 1024

    private let stream: UnsafeMutablePointer<z_stream>
    private let limit: Int
    private var produced = 0
    private var isInsideMember = false
    private var hasMember = false

    /// A decoder that gives at most `limit` bytes.
    public init(limit: Int) {
        self.limit = limit
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let code = unsafe memgate_inflate_begin(stream)
        precondition(code == Z_OK, "zlib has no memory")
    }

    deinit {
        _ = unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Decodes a piece and appends what comes out.
    public func decode(_ input: ByteBuffer, into output: inout ByteBuffer) throws(Failure) {
        var failure: Failure?
        unsafe input.withUnsafeReadableBytes { bytes in
            guard let start = unsafe bytes.bindMemory(to: UInt8.self).baseAddress else { return }
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
            unsafe stream.pointee.avail_in = UInt32(bytes.count)
            while unsafe failure == nil && stream.pointee.avail_in > 0 {
                failure = step(into: &output)
            }
        }
        if let failure { throw failure }
    }

    /// Checks that nothing is missing.
    public func finish() throws(Failure) {
        guard hasMember, !isInsideMember else { throw .truncated }
    }

    private func step(into output: inout ByteBuffer) -> Failure? {
        isInsideMember = true
        hasMember = true
        var code = Z_OK
        produced += unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.chunkBytes) { room in
            unsafe stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
            unsafe stream.pointee.avail_out = UInt32(room.count)
            code = unsafe inflate(stream, Z_NO_FLUSH)
            return unsafe room.count - Int(stream.pointee.avail_out)
        }
        if produced > limit { return .tooLarge }
        switch code {
        case Z_OK: return nil
        case Z_STREAM_END:
            isInsideMember = false
            _ = unsafe inflateReset(stream)
            return nil
        case Z_BUF_ERROR: return unsafe stream.pointee.avail_in == 0 ? nil : .malformed
        default: return .malformed
        }
    }
}
