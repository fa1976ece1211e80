internal import BackgroundJobs
internal import ExchangePipeline
internal import GatewayMetrics
internal import GatewayServer
internal import GatewaySettings
internal import LoopTiming
internal import MemoryCore
internal import MemoryJobs
internal import MemoryStore
internal import NIOCore
internal import Synchronization

/// The work behind the chats: which handlers there are, and what they work with.
final class Work: Sendable {
    private let jobs: NIOLoopBound<BackgroundJobs>
    private let models: UpstreamModels
    private let storage: any MemoryStorage
    private let now: @Sendable () -> Timestamp
    private let retention: Retention

    /// What is kept for how long, as the settings have it that hold now.
    private final class Retention: Sendable {
        private let current: Mutex<RetentionRules>

        init(_ configuration: Configuration) {
            current = Mutex(RetentionRules(configuration))
        }

        var rules: RetentionRules { current.withLock { $0 } }
        func reload(_ configuration: Configuration) {
            current.withLock { $0 = RetentionRules(configuration) }
        }
    }

    private init(
        _ jobs: NIOLoopBound<BackgroundJobs>, _ models: UpstreamModels, _ retention: Retention,
        storage: any MemoryStorage, now: @escaping @Sendable () -> Timestamp
    ) {
        self.jobs = jobs
        self.models = models
        self.retention = retention
        self.storage = storage
        self.now = now
    }

    /// Work on one of the gateway's loops, not begun yet.
    static func make(
        _ configuration: Configuration, on loop: LoopParts, storage: any MemoryStorage,
        memory: SharedMemory, hopName: String, room: CleanUp.Room, _ parts: Gateway.Parts
    ) async throws -> Work {
        let means = UpstreamModels.Means(
            transport: loop.transport, clock: loop.clock, now: parts.now, hopName: hopName,
            logger: parts.logger)
        let models = UpstreamModels(
            ModelSettings(configuration), means, memory.activity, TokenLedger(storage))
        let language: @Sendable () -> Language = { models.language }
        let retention = Retention(configuration)
        let handlers: [Job.Kind: any JobHandler] = [
            .endSession: EndSession(storage: storage, models: models, language: language, now: parts.now),
            .title: GiveTitle(storage: storage, models: models, language: language),
            .cleanUp: CleanUp(
                storage: storage, rules: { retention.rules },
                isRunning: { memory.running.contains($0) }, language: language, now: parts.now,
                room: room),
        ]
        let sessions = BackgroundJobs.OpenSessionView(
            isRunning: { memory.running.contains($0) }, hasEnded: { memory.open.end($0) })
        let jobs = try await loop.clock.eventLoop.submit {
            let jobs = BackgroundJobs(
                loop: loop.clock.eventLoop, clock: loop.clock.value, now: parts.now, storage: storage,
                handlers: handlers, sessions: sessions, logger: parts.logger)
            jobs.expectSessions(thatEndAfter: configuration.shortestIdle)
            return NIOLoopBound(jobs, eventLoop: loop.clock.eventLoop)
        }.get()
        return Work(jobs, models, retention, storage: storage, now: parts.now)
    }

    /// Begins: what was due while no gateway ran comes first.
    func begin() {
        askForCleanUp()
        let jobs = jobs
        jobs.eventLoop.execute { jobs.value.start() }
    }

    /// Cleans up as soon as it can, and from then on by its interval. A store that cannot take that now is
    /// asked at the next start.
    private func askForCleanUp() {
        try? storage.apply([.enqueue(NewJob(.cleanUp, session: nil, at: now()))], .withNextBatch)
    }

    /// New settings hold for what is begun from now on.
    func reload(_ configuration: Configuration) {
        models.reload(ModelSettings(configuration))
        retention.reload(configuration)
        askForCleanUp()
        let (jobs, idle) = (jobs, configuration.shortestIdle)
        jobs.eventLoop.execute {
            jobs.value.expectSessions(thatEndAfter: idle)
            jobs.value.wake()
        }
    }

    /// Something is to be done that was not before.
    func wake() {
        let jobs = jobs
        jobs.eventLoop.execute { jobs.value.wake() }
    }

    /// Tells what models were asked.
    func supply(_ metrics: MetricsRegistry) {
        let ledger = models.ledger
        metrics.supply("memgate_model_tokens_total") { page in
            page.counters(
                .init("memgate_model_tokens_total", "Tokens that calls of our own used, by purpose."),
                by: "purpose", ModelPurpose.allCases.map { ($0.rawValue, ledger.total(of: $0)) })
        }
    }

    /// As the admin side has to do with it.
    func forAdmin(_ open: OpenSessions) -> AdminServices.Work {
        AdminServices.Work(
            sessionEnded: { open.end($0) }, wake: { [self] in wake() },
            stopped: { [models] in models.stopped }, retention: { [retention] in retention.rules })
    }

    /// Breaks off what runs; the store knows what is left.
    func stop() async {
        let jobs = jobs
        _ = try? await jobs.eventLoop.flatSubmit { jobs.value.stop() }.get()
    }
}

extension Configuration {
    /// The shortest time after which a session of any policy ends.
    fileprivate var shortestIdle: Duration {
        policies.values.map(\.session.idle).min() ?? .seconds(1)
    }
}
