internal import Glibc
package import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The proxy listener: one listening socket per event loop on the same port, so that a connection's client
/// side, upstream side and exchange all live on one loop.
package struct ProxyListener: Sendable {
    /// The listening channels, one per loop.
    private let channels: [any Channel]
    /// The address that was bound.
    package let address: SocketAddress

    /// How much the system takes for a client that does not read: else it is megabytes a connection, and the
    /// record of a reply grows by as much. What is under way to a reading client does not count.
    private static let unsentBytes = (
        option: NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT), value: 256 * 1024
    )

    /// Binds.
    ///
    /// - Parameters:
    ///   - host: an address or name.
    ///   - port: 0 for any.
    ///   - loops: each loop's share.
    /// - Throws: what the system says. A port that another process of the same user shares is no error.
    package static func bind(host: String, port: Int, loops: [NIOLoopBound<ProxyLoop>]) async throws -> Self {
        var bound = port
        var channels: [any Channel] = []
        for loop in loops {
            let channel = try await listen(host: host, port: bound, loop)
            channels.append(channel)
            bound = channel.localAddress?.port ?? port
        }
        guard let address = channels.first?.localAddress else { throw ChannelError.unknownLocalAddress }
        return ProxyListener(channels: channels, address: address)
    }

    private static func listen(
        host: String, port: Int, _ loop: NIOLoopBound<ProxyLoop>
    ) async throws -> any Channel {
        try await ServerBootstrap(group: loop.eventLoop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(NIOBSDSocket.Option(rawValue: SO_REUSEPORT)), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.tcpOption(unsentBytes.option), value: unsentBytes.value)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel, loop.value) }
            }
            .bind(host: host, port: port).get()
    }

    private static func addHandlers(to channel: any Channel, _ loop: ProxyLoop) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = loop.limits.headerBytes
        limits.maxHeaderListSize = loop.limits.headerBytes
        limits.maxHeaderFieldCount = 1000
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        let connection = ClientConnection(loop: loop)
        try channel.pipeline.syncOperations.addHandlers([
            RawReadObserver(connection), ByteToMessageHandler(decoder),
            HTTPResponseEncoder(configuration: encoding), connection,
        ])
    }

    /// Accepts no more connections.
    package func close() async {
        for channel in channels { try? await channel.close() }
    }
}
