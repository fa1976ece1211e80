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
    let storage: any MemoryStorage
    let logger: Logger
    let now: @Sendable () -> Timestamp
    let commits: AwaitedCommits
    let shared: SharedMemory
    var warm: WarmSessions
    private var fences = FenceCache()
    private var random = SystemRandomNumberGenerator()

    /// - Parameters:
    ///   - shared: by all loops.
    ///   - sessions: how many count as warm.
    ///   - now: the wall clock.
    package init(
        loop: any EventLoop, clock: any LoopClock, transport: any UpstreamTransport,
        storage: any MemoryStorage, shared: SharedMemory, sessions: Int, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.loop = loop
        self.clock = clock
        self.transport = transport
        self.storage = storage
        self.logger = logger
        self.now = now
        self.shared = shared
        commits = AwaitedCommits(
            loop: loop, clock: clock, condition: shared.condition, unsettled: shared.unsettled, logger: logger
        )
        warm = WarmSessions(capacity: sessions)
    }

    /// Which model servers are in use.
    package var activity: UpstreamActivity { shared.activity }

    /// A request that the pipeline did not see has left a model server.
    package func noteUse(of upstream: Upstream) {
        shared.activity.ended(at: upstream, now())
    }

    /// What exchanges count.
    package var metrics: PipelineMetrics { shared.metrics }

    /// The fence around what is said of an owner.
    func fence(for owner: SessionOwner, _ settings: PipelineSettings) -> MemoryFence {
        fences.fence(for: owner, settings)
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

    /// Reads on the store's reader thread, where pages may have to come from the disk, and comes back.
    func readOffLoop<Value: Sendable>(
        _ read: @escaping @Sendable () throws(StoreError) -> Value,
        then: @escaping (Result<Value, StoreError>) -> Void
    ) {
        let loop = loop
        let back = NIOLoopBound(then, eventLoop: loop)
        storage.onReaderThread {
            let result = Result { () throws(StoreError) in try read() }
            loop.execute { back.value(result) }
        }
    }
}
