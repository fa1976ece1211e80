import JSONBytes
public import NIOCore

/// What a message says, for token estimates and comparisons: the text of a string, or of the text parts of a
/// list one behind the other, and how many parts are something else.
public struct MessageText: Hashable, Sendable {
    /// Parts with an image.
    public private(set) var images = 0
    /// Parts with sound.
    public private(set) var audios = 0
    /// Parts with a file.
    public private(set) var files = 0
    /// Parts of any other kind.
    public private(set) var others = 0

    /// Hands over the decoded text of a located message piece by piece, in order.
    ///
    /// - Parameter bytes: the text in which the message was located.
    /// - Returns: what it holds besides text.
    @discardableResult
    public static func forEachPiece(
        of message: LocatedMessage, in bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void
    ) -> MessageText {
        forEachString(of: message, in: bytes) { $0.forEachPiece(in: bytes, body) }
    }

    /// The strings that its text is made of, in order.
    static func strings(of message: LocatedMessage, in bytes: Span<UInt8>) -> [JSONString] {
        var strings: [JSONString] = []
        forEachString(of: message, in: bytes) { strings.append($0) }
        return strings
    }

    @discardableResult
    private static func forEachString(
        of message: LocatedMessage, in bytes: Span<UInt8>, _ body: (JSONString) -> Void
    ) -> MessageText {
        var found = MessageText()
        switch message.content {
        case .string(let string):
            body(string)
        case .parts(let range):
            var cursor = JSONCursor(at: range.lowerBound, maxDepth: JSONCursor.deepest, text: .lenient)
            // The list was checked when it was located, so nothing is thrown here.
            try? found.readParts(&cursor, in: bytes, body)
        case .absent, .null, .other:
            break
        }
        return found
    }

    /// The decoded text of a message that stands alone in a buffer; empty where it is no message.
    public static func bytes(of message: ByteBuffer) -> [UInt8] {
        guard let located = try? LocatedMessage(in: message) else { return [] }
        var text: [UInt8] = []
        forEachPiece(of: located, in: message.readableBytesUInt8Span) { text.append($0, 0..<$0.count) }
        return text
    }

    private mutating func readParts(
        _ cursor: inout JSONCursor, in bytes: Span<UInt8>, _ body: (JSONString) -> Void
    ) throws(JSONSyntaxError) {
        try cursor.beginArray(in: bytes)
        while try cursor.nextElement(in: bytes) {
            guard cursor.peek(in: bytes) == UInt8(ascii: "{") else {
                if let string = try cursor.readString(in: bytes) { body(string) }
                continue
            }
            let part = try ContentPart(&cursor, in: bytes)
            switch part.kind {
            case .text: part.text.map(body)
            case .image: images += 1
            case .audio: audios += 1
            case .file: files += 1
            case .other: others += 1
            }
        }
    }
}
