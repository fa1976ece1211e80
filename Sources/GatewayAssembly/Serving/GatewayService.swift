internal import ServiceLifecycle

/// The gateway as a service: runs until it is told to end, drains, closes.
struct GatewayService: Service {
    let gateway: Gateway

    func run() async throws {
        try? await gracefulShutdown()
        await gateway.drain()
        await gateway.close()
    }
}
