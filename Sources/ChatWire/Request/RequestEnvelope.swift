public import NIOCore

/// A request body that is a JSON object: the client's bytes and what was found in them.
public struct RequestEnvelope: Sendable {
    /// The client's bytes; offsets of located members count from its first readable byte.
    public let body: ByteBuffer
    /// What was found besides messages.
    public let members: RequestMembers
    /// The bytes that go with `memory`, so that what is left is JSON; nil where there is none.
    let memoryRemoval: Range<Int>?

    /// The body without `memory`; the same storage where it has none.
    public func forwardedBody() -> ByteBuffer {
        guard let memoryRemoval else { return body }
        return body.replacing([BodyEdit(memoryRemoval, with: [])])
    }
}

/// Bytes to take out of a body, and what to put there.
struct BodyEdit {
    /// What goes, in offsets from the first readable byte; empty for a mere insertion.
    let range: Range<Int>
    /// What comes.
    let pieces: [ByteBuffer]

    init(_ range: Range<Int>, with pieces: [ByteBuffer]) {
        self.range = range
        self.pieces = pieces
    }
}

extension ByteBuffer {
    /// A copy with edits applied; they are in order and do not overlap.
    func replacing(_ edits: [BodyEdit]) -> ByteBuffer {
        var capacity = readableBytes
        for edit in edits {
            capacity += edit.pieces.reduce(-edit.range.count) { $0 + $1.readableBytes }
        }
        var output = ByteBufferAllocator().buffer(capacity: capacity)
        var copied = 0
        for edit in edits {
            output.writeBytes(readableBytesSpan.extracting(copied..<edit.range.lowerBound))
            for piece in edit.pieces { output.writeImmutableBuffer(piece) }
            copied = edit.range.upperBound
        }
        output.writeBytes(readableBytesSpan.extracting(copied..<readableBytes))
        return output
    }
}
