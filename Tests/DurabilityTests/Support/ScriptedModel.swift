internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// An upstream that does, byte for byte, what a test says.
final class ScriptedModel: Sendable {
    /// One thing that it does.
    enum Step: Sendable {
        /// Writes bytes.
        case send(String)
        /// Waits for something.
        case wait(Event<Void>)
        /// Lets something happen.
        case fire(Event<Void>)
        /// Closes the connection.
        case close
    }

    /// A request as it arrived.
    struct Request: Sendable {
        var body: String

        var isStream: Bool { body.contains(#""stream":true"#) }

        /// What stands in the last pair of double brackets: the question that is asked now.
        var marker: String {
            guard let end = body.range(of: "]]", options: .backwards),
                let start = body.range(of: "[[", options: .backwards, range: body.startIndex..<end.lowerBound)
            else { return "none" }
            return String(body[start.upperBound..<end.lowerBound])
        }
    }

    typealias Script = @Sendable (Request) -> [Step]

    private let channel: any Channel
    /// What was asked lately.
    let requests: Requests

    private init(_ channel: any Channel, _ requests: Requests) {
        self.channel = channel
        self.requests = requests
    }

    /// The newest requests, the last one last.
    final class Requests: Sendable {
        private let newest = Mutex<[Request]>([])

        fileprivate func append(_ request: Request) {
            newest.withLock { newest in
                newest.append(request)
                if newest.count > 64 { newest.removeFirst() }
            }
        }

        /// The newest one that asks this.
        subscript(marker: String) -> Request? {
            newest.withLock { $0.last { $0.marker == marker } }
        }
    }

    /// Starts to listen.
    static func start(port: Int = 0, _ script: @escaping Script = { Replies.answer($0) }) async throws
        -> ScriptedModel
    {
        let requests = Requests()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        ByteToMessageHandler(HTTPRequestDecoder()), ModelConnection(script, requests),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return ScriptedModel(channel, requests)
    }

    /// Its base URL.
    var url: String { "http://127.0.0.1:\(port)/v1" }

    /// Where it listens.
    var port: Int { channel.localAddress?.port ?? 0 }

    /// Listens no more.
    func stop() async { try? await channel.close() }
}

/// One connection of the upstream: takes requests, runs the script of each.
private final class ModelConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let script: ScriptedModel.Script
    private let requests: ScriptedModel.Requests
    private var body = ByteBuffer()

    init(_ script: @escaping ScriptedModel.Script, _ requests: ScriptedModel.Requests) {
        self.script = script
        self.requests = requests
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: body.clear()
        case .body(let bytes): body.writeImmutableBuffer(bytes)
        case .end:
            let request = ScriptedModel.Request(body: String(buffer: body))
            requests.append(request)
            Self.run(script(request)[...], on: context.channel)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private static func run(_ steps: ArraySlice<ScriptedModel.Step>, on channel: any Channel) {
        var steps = steps
        while let step = steps.popFirst() {
            switch step {
            case .send(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            case .fire(let event): event.fire()
            case .close: channel.close(promise: nil)
            case .wait(let event):
                let rest = steps
                return event.whenFired { channel.eventLoop.execute { run(rest, on: channel) } }
            }
        }
    }
}
