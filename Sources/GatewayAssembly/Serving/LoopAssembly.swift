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
    let upstreams: UpstreamTable
    let storage: any MemoryStorage
    let settings: PipelineSettings
    let shared: ProxyShared
    let poller: ReadinessPoller?
    let logger: Logger
    let clock: @Sendable (any EventLoop) -> any LoopClock
    let now: @Sendable () -> Timestamp
    let condition = StoreCondition()
    let unsettled = UnsettledSessions()

    /// To be called on the loop.
    func make(on loop: any EventLoop) throws -> (NIOLoopBound<ProxyLoop>, NIOLoopBound<CurlEngine?>) {
        let clock = clock(loop)
        let engine = try poller.map { try CurlEngine(loop: loop, clock: clock, poller: $0) }
        let transport: any UpstreamTransport = engine ?? DemoUpstream(loop: loop)
        let exchanges = ExchangeServices(
            loop: loop, clock: clock, transport: transport, upstreams: upstreams, storage: storage,
            settings: settings, condition: condition, unsettled: unsettled, logger: logger, now: now)
        let proxy = ProxyLoop(
            eventLoop: loop, clock: clock, transport: transport, exchanges: exchanges, shared: shared)
        return (NIOLoopBound(proxy, eventLoop: loop), NIOLoopBound(engine, eventLoop: loop))
    }
}
