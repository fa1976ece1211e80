import Foundation
import NIOCore

/// An HTTP message as it came from a socket, cut into head and pieces of body; good enough for captured
/// bytes.
struct RawMessage {
    /// The request or status line.
    let firstLine: String
    /// Header fields by lower-case name.
    let headers: [String: String]
    /// The body: one piece, or the chunks it was sent in.
    let pieces: [ByteBuffer]

    /// The body in one piece.
    var body: ByteBuffer {
        var body = ByteBuffer()
        for piece in pieces { body.writeImmutableBuffer(piece) }
        return body
    }

    /// The messages of one connection, interim replies left out.
    static func all(in bytes: ByteBuffer) -> [RawMessage] {
        var bytes = bytes
        var messages: [RawMessage] = []
        while let message = RawMessage(&bytes) {
            if !message.firstLine.contains(" 100 ") { messages.append(message) }
        }
        return messages
    }

    private init?(_ bytes: inout ByteBuffer) {
        guard let firstLine = Self.line(&bytes) else { return nil }
        self.firstLine = firstLine
        var headers: [String: String] = [:]
        while let line = Self.line(&bytes), let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        self.headers = headers
        if headers["transfer-encoding"] == "chunked" {
            pieces = Self.chunks(&bytes)
        } else if let length = headers["content-length"].flatMap({ Int($0) }) {
            pieces = [bytes.readSlice(length: min(length, bytes.readableBytes)) ?? ByteBuffer()]
        } else if firstLine.hasPrefix("HTTP/"), !firstLine.contains(" 100 ") {
            pieces = [bytes.readSlice(length: bytes.readableBytes) ?? ByteBuffer()]
        } else {
            pieces = []
        }
    }

    /// A line without its end; nil where there is none.
    private static func line(_ bytes: inout ByteBuffer) -> String? {
        let view = bytes.readableBytesView
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = bytes.readString(length: end + 1 - view.startIndex) ?? ""
        return line.trimmingCharacters(in: .newlines)
    }

    /// The chunks, as far as they came.
    private static func chunks(_ bytes: inout ByteBuffer) -> [ByteBuffer] {
        var chunks: [ByteBuffer] = []
        while let size = line(&bytes).flatMap({ Int($0.prefix { $0 != ";" }, radix: 16) }) {
            guard size > 0 else {
                _ = line(&bytes)
                break
            }
            guard let chunk = bytes.readSlice(length: min(size, bytes.readableBytes)) else { break }
            chunks.append(chunk)
            _ = line(&bytes)
        }
        return chunks
    }
}
