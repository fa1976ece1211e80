internal import JSONBytes
public import NIOCore

/// A text to put beside what a message says.
public struct TextInsertion: Sendable {
    /// On which side of it.
    public enum Side: Hashable, Sendable {
        /// In front, an empty line between.
        case before
        /// Behind, an empty line between.
        case behind
    }

    /// The client's message, by its place in the request.
    public var index: Int
    /// The side.
    public var side: Side
    /// The text.
    public var text: String

    /// A text beside the client's message `index`, which has to take one.
    public init(_ text: String, _ side: Side, of index: Int) {
        self.index = index
        self.side = side
        self.text = text
    }
}

extension LocatedMessage {
    /// Whether a text can be put beside what it says: its content is a string or a list of parts.
    public var takesText: Bool {
        switch content {
        case .string, .parts: true
        case .absent, .null, .other: false
        }
    }

    /// A message that stands alone in a buffer, with a text beside what it says; nil where it takes none.
    public static func putting(
        _ text: String, _ side: TextInsertion.Side, of message: ByteBuffer
    ) -> ByteBuffer? {
        guard let located = try? LocatedMessage(in: message),
            let edit = located.edit(putting: text, side, in: message.readableBytesUInt8Span)
        else { return nil }
        return message.replacing([edit])
    }

    /// The edit that puts a text beside what the message says; nil where it takes none.
    func edit(putting text: String, _ side: TextInsertion.Side, in bytes: Span<UInt8>) -> BodyEdit? {
        switch content {
        case .string(let string):
            let gap = string.isEmpty ? "" : "\n\n"
            var escaped: [UInt8] = []
            JSONWriter.appendEscaped(
                utf8: (side == .before ? text + gap : gap + text).utf8, to: &escaped)
            let place = side == .before ? string.content.lowerBound : string.content.upperBound
            return BodyEdit(place..<place, with: [ByteBuffer(bytes: escaped)])
        case .parts(let list):
            var part = Array(#"{"type":"text","text":"#.utf8)
            JSONWriter.appendString(text, to: &part)
            part.append(UInt8(ascii: "}"))
            let comma = Self.isEmpty(list, bytes) ? [] : [UInt8(ascii: ",")]
            let place = side == .before ? list.lowerBound + 1 : list.upperBound - 1
            return BodyEdit(
                place..<place, with: [ByteBuffer(bytes: side == .before ? part + comma : comma + part)])
        case .absent, .null, .other: return nil
        }
    }

    /// Whether a list holds nothing.
    private static func isEmpty(_ list: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        !(list.lowerBound + 1..<list.upperBound - 1).contains { place in
            ![0x20, 0x09, 0x0A, 0x0D].contains(bytes[place])
        }
    }
}

extension LocatedMessage {
    /// A message that stands alone in a buffer, with other texts in the place of its own; nil where none
    /// changes.
    ///
    /// - Parameter transform: gives the new text of a string or a text part, nil to leave it.
    public static func replacingTexts(
        of message: ByteBuffer, _ transform: (String) -> String?
    ) -> ByteBuffer? {
        guard let located = try? LocatedMessage(in: message) else { return nil }
        let bytes = message.readableBytesUInt8Span
        let edits = MessageText.strings(of: located, in: bytes).compactMap { string -> BodyEdit? in
            guard let text = transform(string.text(in: bytes)) else { return nil }
            var escaped: [UInt8] = []
            JSONWriter.appendEscaped(utf8: text.utf8, to: &escaped)
            return BodyEdit(string.content, with: [ByteBuffer(bytes: escaped)])
        }
        return edits.isEmpty ? nil : message.replacing(edits)
    }
}
