public import ChatWire
internal import JSONBytes
public import NIOCore

/// Estimates tokens without a tokenizer: no one of them fits every model behind an OpenAI-compatible URL.
///
/// About 1 per CJK, kana, hangul or full-width character, ¼ per other byte, 4 per message, 256 per image.
public enum TokenEstimate {
    /// The frame of a message.
    public static let perMessage = 4
    /// An image, a sound or a file.
    public static let perAttachment = 256

    /// Tokens of a message that stands alone in a buffer, its frame included; tool calls count by their
    /// bytes.
    public static func tokens(of message: ByteBuffer) -> Int {
        guard let located = try? LocatedMessage(in: message) else {
            return perMessage + message.readableBytes / 4
        }
        return tokens(of: located, in: message.readableBytesUInt8Span)
    }

    /// Tokens of a located message, its frame included; tool calls count by their bytes.
    public static func tokens(of message: LocatedMessage, in bytes: Span<UInt8>) -> Int {
        var quarters = 0
        let found = MessageText.forEachPiece(of: message, in: bytes) { quarters += Self.quarters(of: $0) }
        quarters += message.toolCalls?.count ?? 0
        quarters += message.functionCall?.count ?? 0
        let attachments = found.images + found.audios + found.files + found.others
        return perMessage + (quarters + 3) / 4 + attachments * perAttachment
    }

    /// Tokens of a text by itself.
    public static func tokens(ofText text: String) -> Int {
        (quarters(of: text.utf8Span.span) + 3) / 4
    }

    /// Tokens of a text, in quarters; broken UTF-8 counts by its bytes.
    public static func quarters(of text: Span<UInt8>) -> Int {
        var quarters = 0
        var at = 0
        while at < text.count {
            // Eight bytes of ASCII at once: most texts are nothing else.
            if at + 8 <= text.count, text.word(at: at) & .everyByte(0x80) == 0 {
                quarters += 8
                at += 8
                continue
            }
            let sequence = sequenceLength(text[at])
            let length = at + sequence <= text.count ? sequence : 1
            quarters += length >= 3 && isWide(text, at, length) ? 4 : length
            at += length
        }
        return quarters
    }

    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF8: 4
        default: 1
        }
    }

    private static func isWide(_ text: Span<UInt8>, _ at: Int, _ length: Int) -> Bool {
        var value = UInt32(text[at]) & (length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { value = value << 6 | UInt32(text[at + offset] & 0x3F) }
        switch value {
        case 0x1100...0x11FF, 0x2E80...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF,
            0xFE30...0xFE4F, 0xFF00...0xFFEF, 0x1B000...0x1B2FF, 0x20000...0x3FFFF:
            return true
        default: return false
        }
    }
}
