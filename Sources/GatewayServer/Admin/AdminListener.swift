internal import Hummingbird
internal import HummingbirdCore
internal import Logging
package import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// The admin listener: JSON API, health and metrics, on a thread of its own, so that nothing asked here takes
/// time from the proxy's event loops. Lives from `bind` to `close`.
package final class AdminListener: Sendable {
    /// Connections at a time; more wait to be accepted.
    private static let connections = 128
    /// How long a connection may say nothing.
    private static let idleTime = TimeAmount.seconds(75)
    /// How long calls may go on once the listener is told to close.
    private static let closingTime = Duration.seconds(2)

    /// The port that was bound.
    package let port: Int
    /// Ends with the listener; nil where it serves on somebody else's.
    private let ownGroup: MultiThreadedEventLoopGroup?
    private let services: ServiceGroup
    private let running: EventLoopFuture<Void>

    private init(
        _ port: Int, _ ownGroup: MultiThreadedEventLoopGroup?, _ services: ServiceGroup,
        _ running: EventLoopFuture<Void>
    ) {
        self.port = port
        self.ownGroup = ownGroup
        self.services = services
        self.running = running
    }

    /// Binds, and serves from then on.
    ///
    /// - Parameters:
    ///   - host: an address or name.
    ///   - port: 0 for any.
    ///   - shared: loops to serve on; nil for a thread of its own.
    /// - Throws: what the system says.
    package static func bind(
        host: String, port: Int, on shared: (any EventLoopGroup)?, _ admin: AdminServices
    ) async throws -> AdminListener {
        let ownGroup = shared == nil ? MultiThreadedEventLoopGroup(numberOfThreads: 1) : nil
        guard let group = shared ?? ownGroup else { preconditionFailure("one of them is there") }
        let loop = group.next()
        let bound = loop.makePromise(of: Int.self)
        var configuration = ApplicationConfiguration(address: .hostname(host, port: port))
        configuration.availableConnectionsDelegate = MaximumAvailableConnections(connections)
        // What goes wrong is answered and logged by the gate; the library's own lines are for its authors.
        var quiet = admin.logger
        quiet.logLevel = .critical
        let application = Application(
            responder: AdminRouter.responder(admin),
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: idleTime)),
            configuration: configuration,
            onServerRunning: { bound.succeed($0.localAddress?.port ?? port) },
            eventLoopGroupProvider: .shared(group), logger: quiet)
        var lifecycle = ServiceGroupConfiguration(services: [application], logger: quiet)
        lifecycle.maximumGracefulShutdownDuration = closingTime
        let services = ServiceGroup(configuration: lifecycle)
        let running = loop.makeFutureWithTask { try await services.run() }
        running.whenFailure { bound.fail($0) }
        do {
            let port = try await bound.futureResult.get()
            return AdminListener(port, ownGroup, services, running)
        } catch {
            try? await ownGroup?.shutdownGracefully()
            throw error
        }
    }

    /// Ends the listener; calls that run may finish, for a while.
    package func close() async {
        await services.triggerGracefulShutdown()
        _ = try? await running.get()
        try? await ownGroup?.shutdownGracefully()
    }
}
