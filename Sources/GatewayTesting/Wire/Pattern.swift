package import NIOCore

/// Bytes of which each stretch is different, so that a lost, doubled or moved piece shows.
package enum Pattern {
    /// So many bytes: numbered lines.
    package static func bytes(_ count: Int, separator: String = "\n") -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(count + 64)
        var line = 0
        while buffer.readableBytes < count {
            buffer.writeString(
                "line \(line) of a body that is long enough to fill packets of any usual size\(separator)")
            line += 1
        }
        return buffer.getSlice(at: 0, length: count) ?? buffer
    }
}
