internal import NIOCore

/// A request body that arrives while it is sent. While it is small, it is kept until the reply begins: it can
/// go out again when a kept connection turns out to be dead.
struct StreamedUpload {
    /// Up to here a body is kept.
    static let keptBytes = 64 * 1024

    /// Bytes that arrived and wait to be sent.
    private(set) var waitingBytes = 0
    /// Bytes sent on the connection in use.
    private(set) var sentBytes = 0
    private var waiting = CircularBuffer<ByteBuffer>()
    /// What was sent, in order; nil once it was too much, or is no longer of use.
    private var kept: ByteBuffer? = ByteBuffer()
    private var isWhole = false

    mutating func append(_ bytes: ByteBuffer) {
        waiting.append(bytes)
        waitingBytes += bytes.readableBytes
    }

    /// Nothing follows.
    mutating func finish() {
        isWhole = true
    }

    /// The next bytes to send.
    ///
    /// - Returns: at most `limit` bytes, empty at the end; nil when there are none yet.
    mutating func next(atMost limit: Int) -> ByteBuffer? {
        guard var first = waiting.popFirst() else { return isWhole ? ByteBuffer() : nil }
        let count = min(limit, first.readableBytes)
        guard let bytes = first.readSlice(length: count) else { return nil }
        if first.readableBytes > 0 { waiting.prepend(first) }
        waitingBytes -= count
        sentBytes += count
        if sentBytes > Self.keptBytes { kept = nil }
        kept?.writeImmutableBuffer(bytes)
        return bytes
    }

    /// What was sent is not needed again.
    mutating func forget() {
        kept = nil
    }

    /// Begins again.
    ///
    /// - Returns: whether that is possible.
    mutating func rewind() -> Bool {
        guard sentBytes > 0 else { return true }
        guard let bytes = kept else { return false }
        waiting.prepend(bytes)
        waitingBytes += sentBytes
        sentBytes = 0
        kept = ByteBuffer()
        return true
    }
}
