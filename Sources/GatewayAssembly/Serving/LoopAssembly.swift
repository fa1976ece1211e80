internal import CurlUpstream
internal import ExchangePipeline
internal import GatewayServer
internal import Logging
internal import LoopTiming
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import UpstreamClient

/// Puts together what belongs to one event loop.
struct LoopAssembly: Sendable {
    let settings: ProxySettings
    /// How many sessions are remembered.
    let sessions: Int
    let storage: any MemoryStorage
    let shared: ProxyShared
    let memory: SharedMemory
    let poller: ReadinessPoller
    let logger: Logger
    let clock: @Sendable (any EventLoop) -> any LoopClock
    let now: @Sendable () -> Timestamp

    /// To be called on the loop.
    func make(on loop: any EventLoop) throws -> LoopParts {
        let clock = clock(loop)
        let engine = try CurlEngine(loop: loop, clock: clock, poller: poller)
        let transport = TransportSwitch(servers: engine, demo: DemoUpstream(loop: loop))
        let exchanges = ExchangeServices(
            loop: loop, clock: clock, transport: transport, storage: storage, shared: memory,
            sessions: sessions, logger: logger, now: now)
        let proxy = ProxyLoop(
            eventLoop: loop, clock: clock, transport: transport, exchanges: exchanges, shared: shared,
            settings: settings)
        return LoopParts(
            proxy: NIOLoopBound(proxy, eventLoop: loop), engine: NIOLoopBound(engine, eventLoop: loop),
            transport: NIOLoopBound(transport, eventLoop: loop), clock: NIOLoopBound(clock, eventLoop: loop))
    }
}

/// What belongs to one event loop.
struct LoopParts: Sendable {
    var proxy: NIOLoopBound<ProxyLoop>
    var engine: NIOLoopBound<CurlEngine>
    var transport: NIOLoopBound<any UpstreamTransport>
    var clock: NIOLoopBound<any LoopClock>
}

/// Sends each request to the transport that its upstream has: a reload may bring either kind.
private final class TransportSwitch: UpstreamTransport {
    private let servers: any UpstreamTransport
    private let demo: any UpstreamTransport

    init(servers: any UpstreamTransport, demo: any UpstreamTransport) {
        self.servers = servers
        self.demo = demo
    }

    func start(_ request: UpstreamRequest, sink: any UpstreamSink) -> any UpstreamCall {
        (request.upstream.origin == Upstream.demoOrigin ? demo : servers).start(request, sink: sink)
    }
}
