package import Logging
package import LoopTiming
package import MemoryCore
package import MemoryStore
package import NIOCore
package import UpstreamClient

/// What the exchanges of one event loop share. On its loop only.
package final class ExchangeServices {
    let loop: any EventLoop
    let clock: any LoopClock
    let transport: any UpstreamTransport
    let upstreams: UpstreamTable
    let storage: any MemoryStorage
    let settings: PipelineSettings
    let logger: Logger
    let now: @Sendable () -> Timestamp
    let commits: AwaitedCommits
    let condition: StoreCondition
    let unsettled: UnsettledSessions
    var warm: WarmSessions
    private var random = SystemRandomNumberGenerator()

    /// - Parameters:
    ///   - condition: shared by all loops.
    ///   - unsettled: shared by all loops.
    ///   - now: the wall clock.
    package init(
        loop: any EventLoop, clock: any LoopClock, transport: any UpstreamTransport, upstreams: UpstreamTable,
        storage: any MemoryStorage, settings: PipelineSettings, condition: StoreCondition,
        unsettled: UnsettledSessions, logger: Logger, now: @escaping @Sendable () -> Timestamp
    ) {
        self.loop = loop
        self.clock = clock
        self.transport = transport
        self.upstreams = upstreams
        self.storage = storage
        self.settings = settings
        self.logger = logger
        self.now = now
        self.condition = condition
        self.unsettled = unsettled
        commits = AwaitedCommits(
            loop: loop, clock: clock, deadline: settings.recordDeadline, condition: condition,
            unsettled: unsettled, logger: logger)
        warm = WarmSessions(capacity: settings.sessionsCached)
    }

    /// A new id for an exchange.
    func makeExchangeID() -> ExchangeID {
        ExchangeID(milliseconds: now().milliseconds, using: &random)
    }

    /// A new session's name: 32 hex digits of chance.
    func makeSessionName() -> String {
        UInt64.random(in: 0...UInt64.max, using: &random).hexDigits
            + UInt64.random(in: 0...UInt64.max, using: &random).hexDigits
    }
}
