package import NIOCore

/// Takes HTTP messages apart as bytes arrive, without any HTTP library: what a test sees is what was sent.
package struct WireReader: Sendable {
    /// Which side's messages are read.
    package enum Role: Sendable {
        /// What a client sends.
        case requests
        /// What a server sends.
        case replies
    }

    private enum Phase {
        case head, length(Int), chunkSize, chunk(Int), chunkEnd, trailers, untilClose
    }

    private let role: Role
    private var buffer = ByteBuffer()
    private var phase = Phase.head
    /// The message under way, once its head is whole.
    package private(set) var partial: WireMessage?
    /// Whether each reply to come answers a HEAD request.
    package var answersHead: [Bool] = []

    /// A reader at the beginning of a connection.
    package init(_ role: Role) {
        self.role = role
    }

    /// Takes bytes.
    ///
    /// - Returns: the messages that became whole.
    package mutating func feed(_ bytes: ByteBuffer) -> [WireMessage] {
        buffer.writeImmutableBuffer(bytes)
        var messages: [WireMessage] = []
        while let isWhole = step() {
            guard isWhole, var message = partial else { continue }
            message.isWhole = true
            messages.append(message)
            partial = nil
            phase = .head
        }
        buffer.discardReadBytes()
        return messages
    }

    /// The connection has ended.
    ///
    /// - Returns: the message that its end makes whole.
    package mutating func end() -> WireMessage? {
        guard case .untilClose = phase, var message = partial else { return nil }
        message.isWhole = true
        partial = nil
        return message
    }

    /// What is left that is no message yet.
    package var leftOver: String { String(buffer: buffer) }

    /// - Returns: whether the message is whole; nil where more bytes are needed.
    private mutating func step() -> Bool? {
        switch phase {
        case .head: return takeHead()
        case .length(let left):
            return takeBody(left).map { left in
                phase = .length(left)
                return left == 0
            }
        case .chunkSize: return takeChunkSize()
        case .chunk(let left):
            return takeBody(left).map { left in
                phase = left == 0 ? .chunkEnd : .chunk(left)
                return false
            }
        case .chunkEnd:
            return takeLine().map { _ in
                phase = .chunkSize
                return false
            }
        case .trailers:
            return takeLine().map { line in
                if !line.isEmpty { partial?.trailers += line + "\n" }
                return line.isEmpty
            }
        case .untilClose: return takeBody(Int.max).map { _ in false }
        }
    }

    private mutating func takeHead() -> Bool? {
        let view = buffer.readableBytesView
        guard let end = Self.endOfHead(view) else { return nil }
        let head = buffer.readString(length: end - view.startIndex) ?? ""
        buffer.moveReaderIndex(forwardBy: 4)
        var message = WireMessage(head: head)
        message.framing = framing(of: message)
        partial = message
        switch message.framing {
        case .none: return true
        case .length:
            let length = message["Content-Length"].flatMap { Int($0) } ?? 0
            phase = .length(length)
            return length == 0
        case .chunked: phase = .chunkSize
        case .close: phase = .untilClose
        }
        return false
    }

    private mutating func framing(of message: WireMessage) -> WireMessage.Framing {
        if role == .replies {
            let isInterim = (100..<200).contains(message.status)
            let answersHead = !isInterim && !self.answersHead.isEmpty && self.answersHead.removeFirst()
            if isInterim || answersHead || message.status == 204 || message.status == 304 { return .none }
        }
        if message["Transfer-Encoding"]?.lowercased().hasSuffix("chunked") ?? false { return .chunked }
        if message["Content-Length"] != nil { return .length }
        return role == .replies ? .close : .none
    }

    private mutating func takeBody(_ wanted: Int) -> Int? {
        guard buffer.readableBytes > 0, wanted > 0,
            let part = buffer.readSlice(length: min(wanted, buffer.readableBytes))
        else { return nil }
        partial?.body.writeImmutableBuffer(part)
        return wanted - part.readableBytes
    }

    private mutating func takeChunkSize() -> Bool? {
        guard let line = takeLine() else { return nil }
        let size = Int(line.prefix { $0 != ";" }, radix: 16) ?? 0
        if size > 0 { partial?.chunks.append(size) }
        phase = size == 0 ? .trailers : .chunk(size)
        return false
    }

    private mutating func takeLine() -> String? {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: 0x0A) else { return nil }
        let line = buffer.readString(length: end - view.startIndex + 1) ?? ""
        return String(line.prefix { $0 != "\r\n" && $0 != "\n" })
    }

    private static func endOfHead(_ view: ByteBufferView) -> Int? {
        var from = view.startIndex
        while let carriageReturn = view[from...].firstIndex(of: 0x0D) {
            if view[carriageReturn...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) { return carriageReturn }
            from = carriageReturn + 1
        }
        return nil
    }
}
