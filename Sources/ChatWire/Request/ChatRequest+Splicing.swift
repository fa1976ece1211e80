public import NIOCore

extension ChatRequest {
    /// Messages to add to a request.
    public struct Insertion: Sendable {
        /// The client's message in front of which they stand; the number of messages for the end.
        public var index: Int
        /// The messages as JSON objects, in order.
        public var messages: [ByteBuffer]

        /// Messages in front of the client's message `index`.
        public init(before index: Int, _ messages: [ByteBuffer]) {
            self.index = index
            self.messages = messages
        }
    }

    /// The body that goes upstream: without `memory`, with messages and texts added; every other byte stays
    /// as it is.
    ///
    /// - Parameters:
    ///   - insertions: in any order; those with the same index in the order given.
    ///   - texts: in any order, at most one at each side of a message that takes one.
    /// - Returns: the client's buffer itself where nothing changes.
    public func spliced(inserting insertions: [Insertion] = [], texts: [TextInsertion] = []) -> ByteBuffer {
        var edits = insertions.filter { !$0.messages.isEmpty }
            .enumerated().sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }
            .map { edit($0.element) }
        if messages.isEmpty { edits = joined(edits) }
        for text in texts {
            let message = messages[text.index]
            guard let edit = message.edit(putting: text.text, text.side, in: body.readableBytesUInt8Span)
            else { preconditionFailure("a message that takes no text") }
            Self.add(edit, to: &edits)
        }
        if let removal = envelope.memoryRemoval { Self.add(BodyEdit(removal, with: []), to: &edits) }
        return edits.isEmpty ? body : body.replacing(edits)
    }

    /// Puts an edit behind those that stand in front of it.
    private static func add(_ edit: BodyEdit, to edits: inout [BodyEdit]) {
        let start = edit.range.lowerBound
        edits.insert(edit, at: edits.firstIndex { $0.range.lowerBound > start } ?? edits.count)
    }

    private func edit(_ insertion: Insertion) -> BodyEdit {
        precondition((0...messages.count).contains(insertion.index), "no such message")
        let pieces = Array(insertion.messages.map { [$0] }.joined(separator: [Self.comma]))
        if insertion.index < messages.count {
            let place = messages[insertion.index].range.lowerBound
            return BodyEdit(place..<place, with: pieces + [Self.comma])
        }
        guard let last = messages.last else { return BodyEdit(listStart..<listStart, with: pieces) }
        return BodyEdit(last.range.upperBound..<last.range.upperBound, with: [Self.comma] + pieces)
    }

    /// Insertions into an empty list have no message to lean on: their commas stand between them.
    private func joined(_ edits: [BodyEdit]) -> [BodyEdit] {
        guard edits.count > 1 else { return edits }
        let pieces = Array(edits.map(\.pieces).joined(separator: [Self.comma]))
        return [BodyEdit(listStart..<listStart, with: pieces)]
    }

    private static let comma = ByteBuffer(string: ",")
}
