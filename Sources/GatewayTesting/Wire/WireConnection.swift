internal import Glibc
package import NIOCore
internal import NIOPosix

/// One end of a TCP connection: sends exact bytes, takes messages off the wire, awaits instead of sleeping.
package final class WireConnection: Sendable {
    /// What is known of the connection; awaited through `state`.
    package struct State: Sendable {
        /// Takes the received bytes apart.
        package var reader: WireReader
        /// Whole messages that nobody has taken yet.
        package var messages: [WireMessage] = []
        /// Bytes received.
        package var received = 0
        /// The first bytes received, up to a bound.
        package var raw = ByteBuffer()
        /// Bytes that the system has taken.
        package var sent = 0
        /// Whether the connection has ended.
        package var isClosed = false
        /// Whether it ended with a reset.
        package var isReset = false
        /// Whether the system takes more bytes.
        package var isWritable = true
    }

    /// A connection that ended before what was awaited.
    package struct Ended: Error, CustomStringConvertible {
        /// What was awaited, and what came instead.
        package let description: String
    }

    /// How much of `raw` is kept.
    private static let rawBytes = 1 << 20

    /// What is known of the connection.
    package let state: Watched<State>
    private let channel: any Channel

    private init(_ channel: any Channel, _ role: WireReader.Role) {
        self.channel = channel
        state = Watched(State(reader: WireReader(role)))
    }

    /// Takes over a channel of which nothing was read yet; on its loop.
    static func adopt(_ channel: any Channel, _ role: WireReader.Role) throws -> WireConnection {
        let connection = WireConnection(channel, role)
        try channel.pipeline.syncOperations.addHandler(Handler(connection.state))
        return connection
    }

    /// Connects to a port of this machine.
    ///
    /// - Parameter receiveBuffer: bytes that the system may take for us before anything is read; nil for its
    ///   default.
    package static func connect(to port: Int, receiveBuffer: Int? = nil) async throws -> WireConnection {
        let box = Watched<WireConnection?>(nil)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try adopt(channel, .replies)
                    box.update { $0 = connection }
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
        }
        _ = try await bootstrap.connect(host: "127.0.0.1", port: port).get()
        return try await box.value { $0 }
    }

    // MARK: Sending

    /// Sends bytes, and waits until the system has taken them.
    package func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
        state.update { $0.sent += bytes.readableBytes }
    }

    /// Sends text, and waits until the system has taken it.
    package func send(_ text: String) async throws {
        try await send(ByteBuffer(string: text))
    }

    /// Sends a large body in pieces, each when the system has taken the one before: `sent` tells how far it
    /// came.
    package func sendInPieces(_ bytes: ByteBuffer, of size: Int = 64 * 1024) async throws {
        var rest = bytes
        while let piece = rest.readSlice(length: min(size, rest.readableBytes)), piece.readableBytes > 0 {
            try await send(piece)
        }
    }

    /// Sends every byte by itself.
    package func sendByteByByte(_ text: String) async throws {
        for byte in text.utf8 { try await send(ByteBuffer(bytes: [byte])) }
    }

    /// The reply to come answers a HEAD request, or not.
    package func expectHead(_ answersHead: Bool) {
        state.update { $0.reader.answersHead.append(answersHead) }
    }

    /// Whether arriving bytes are taken.
    package func setReading(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
        if isReading { channel.read() }
    }

    /// Takes so many of the bytes that arrive, or a few more, while `setReading(false)` holds.
    package func take(_ count: Int) async throws {
        let goal = state.look(\.received) + count
        while state.look({ $0.received < goal && !$0.isClosed }) {
            let before = state.look(\.received)
            channel.read()
            try await state.until { $0.received > before || $0.isClosed }
        }
    }

    /// Closes.
    package func close() async {
        try? await channel.close()
    }

    /// Closes with a reset.
    package func reset() async throws {
        if let provider = channel as? any SocketOptionProvider {
            try await provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close()
    }

    // MARK: Awaiting

    /// The next whole message.
    package func next() async throws -> WireMessage {
        try await state.value { state in
            if !state.messages.isEmpty { return state.messages.removeFirst() }
            guard state.isClosed else { return nil }
            let partial = state.reader.partial
            throw Ended(
                description:
                    "The connection ended before a whole message; so far: \(partial?.head ?? "no head"), "
                    + "\(partial?.body.readableBytes ?? 0) bytes of a body, and "
                    + "«\(state.reader.leftOver.prefix(200))»."
            )
        }
    }

    /// The message under way, once it is as wanted; a whole one counts too and stays.
    package func partial(where isWanted: (WireMessage) -> Bool) async throws -> WireMessage {
        try await state.value { state in
            if let message = state.messages.first ?? state.reader.partial, isWanted(message) {
                return message
            }
            guard state.isClosed else { return nil }
            throw Ended(description: "The connection ended; the message under way never was as awaited.")
        }
    }

    /// Waits for the end of the connection.
    ///
    /// - Returns: the message that was cut by it, if any.
    @discardableResult
    package func ended() async throws -> WireMessage? {
        try await state.until { $0.isClosed }
        return state.look { $0.reader.partial }
    }

    /// Keeps the state up to date; on the channel's loop.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let state: Watched<State>

        init(_ state: Watched<State>) {
            self.state = state
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            state.update { state in
                state.received += bytes.readableBytes
                if state.raw.readableBytes < rawBytes { state.raw.writeImmutableBuffer(bytes) }
                state.messages += state.reader.feed(bytes)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) {
            let isWritable = context.channel.isWritable
            state.update { $0.isWritable = isWritable }
        }

        func channelInactive(context: ChannelHandlerContext) {
            state.update { state in
                if !state.isReset, let message = state.reader.end() { state.messages.append(message) }
                state.isClosed = true
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if (error as? IOError)?.errnoCode == ECONNRESET { state.update { $0.isReset = true } }
            context.close(promise: nil)
        }
    }
}
