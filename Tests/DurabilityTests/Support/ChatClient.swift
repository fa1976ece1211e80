internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// A question as a client asks it.
struct ChatCall: Sendable {
    var session: String
    /// Names the question; no two are alike.
    var marker: String
    var isStream: Bool
    /// Bytes that make the question longer.
    var padding = 0
    /// Where it is asked; anywhere else than here it is passed on without memory.
    var path = "/v1/chat/completions"

    fileprivate var body: String {
        let padding = padding > 0 ? " " + String(repeating: "p", count: padding) : ""
        return #"{"model":"scripted","stream":\#(isStream),"messages":[{"role":"user","content":"question"#
            + #"\#(padding) [[\#(marker)]]"}]}"#
    }
}

/// A reply as far as it has come.
struct ChatReply: Sendable {
    var call: ChatCall
    var status = 0
    var headers = HTTPHeaders()
    var bytes = ByteBuffer()
    /// It came to its end, as HTTP frames it.
    var isWhole = false

    var body: String { String(buffer: bytes) }

    var memoryStatus: String { headers.first(name: "X-Memory-Status") ?? "" }

    /// Whether the client has been told that this is the whole answer: of a stream by its finishing event, of
    /// a plain reply by its last byte.
    var isAnswered: Bool {
        guard status == 200 else { return false }
        return call.isStream ? body.contains(#""finish_reason":"stop""#) : isWhole
    }

    /// Whether the gateway has promised that the round is on the disk.
    var isAcknowledged: Bool {
        // What leaves no room in the model's window is recorded all the same.
        isAnswered && (memoryStatus == "ok" || memoryStatus == "skipped; reason=budget")
    }
}

/// One connection to the gateway, one question at a time.
final class ChatClient: Sendable {
    private let channel: any Channel
    private let collector: NIOLoopBound<ReplyCollector>

    private init(_ channel: any Channel, _ collector: NIOLoopBound<ReplyCollector>) {
        self.channel = channel
        self.collector = collector
    }

    static func connect(to port: Int) async throws -> ChatClient {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
        return try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                let collector = ReplyCollector()
                try channel.pipeline.syncOperations.addHandlers([
                    HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder()), collector,
                ])
                return ChatClient(channel, NIOLoopBound(collector, eventLoop: channel.eventLoop))
            }
        }
    }

    /// Asks on a connection of its own.
    static func ask(
        _ call: ChatCall, at port: Int, watching watch: @escaping @Sendable (ChatReply) -> Void = { _ in }
    ) async throws -> ChatReply {
        let client = try await connect(to: port)
        let reply = await client.ask(call, watching: watch)
        await client.close()
        return reply
    }

    /// Asks, and returns the reply's end or what there was when the connection broke.
    ///
    /// - Parameter watch: hears of each part on the connection's own thread, before anybody else does.
    func ask(
        _ call: ChatCall, watching watch: @escaping @Sendable (ChatReply) -> Void = { _ in }
    ) async -> ChatReply {
        let (channel, collector) = (channel, collector)
        let promise = channel.eventLoop.makePromise(of: ChatReply.self)
        channel.eventLoop.execute {
            collector.value.expect(call, promise, watch)
            var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: call.path)
            let body = ByteBuffer(string: call.body)
            head.headers.add(name: "Host", value: "127.0.0.1")
            head.headers.add(name: "Content-Type", value: "application/json")
            head.headers.add(name: "Content-Length", value: "\(body.readableBytes)")
            head.headers.add(name: "X-Session-Id", value: call.session)
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        }
        return (try? await promise.futureResult.get()) ?? ChatReply(call: call)
    }

    /// Reads what comes, or lets it lie.
    func reads(_ isReading: Bool) async {
        try? await channel.setOption(.autoRead, value: isReading).get()
    }

    /// Leaves.
    func close() async { try? await channel.close() }

    /// Leaves, from any thread, without waiting.
    func leave() { channel.close(promise: nil) }

    var isOpen: Bool { channel.isActive }
}

/// Gathers one reply after another.
private final class ReplyCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private var reply: ChatReply?
    private var promise: EventLoopPromise<ChatReply>?
    private var watch: @Sendable (ChatReply) -> Void = { _ in }
    private var isClosed = false

    func expect(
        _ call: ChatCall, _ promise: EventLoopPromise<ChatReply>,
        _ watch: @escaping @Sendable (ChatReply) -> Void
    ) {
        guard !isClosed else { return promise.succeed(ChatReply(call: call)) }
        reply = ChatReply(call: call)
        self.promise = promise
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reply?.status = Int(head.status.code)
            reply?.headers = head.headers
        case .body(let bytes):
            reply?.bytes.writeImmutableBuffer(bytes)
        case .end:
            reply?.isWhole = true
        }
        guard let reply else { return }
        watch(reply)
        if reply.isWhole { settle() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func settle() {
        guard let reply, let promise else { return }
        self.promise = nil
        promise.succeed(reply)
    }
}
