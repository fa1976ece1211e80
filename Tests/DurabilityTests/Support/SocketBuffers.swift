internal import NIOCore
internal import NIOPosix

/// What the system itself keeps of a reply that its client does not read.
enum SocketBuffers {
    /// About how many bytes these are on this machine.
    static func capacity() async throws -> Int {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: Int.self)
        let server = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Flood(promise))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = server.localAddress?.port ?? 0
        let client = try await ClientBootstrap(group: group).channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: port).get()
        let capacity = try await promise.futureResult.get()
        try await client.close()
        try await server.close()
        return capacity
    }
}

/// Writes more than any system keeps, and tells how much of it is left.
private final class Flood: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private static let size = 64 << 20

    private let promise: EventLoopPromise<Int>

    init(_ promise: EventLoopPromise<Int>) {
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        context.channel.writeAndFlush(ByteBuffer(repeating: 0, count: Self.size), promise: nil)
        let options = context.channel.syncOptions
        promise.completeWith(
            Result { Self.size - (try options?.getOption(.bufferedWritableBytes) ?? 0) })
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
