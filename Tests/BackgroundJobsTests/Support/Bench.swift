import BackgroundJobs
import GatewayTesting
import Logging
import MemoryCore
import MemoryJobs
import MemoryStore
import NIOCore
import NIOPosix

/// The jobs with their handlers over a store, without a gateway around them, at a clock that a test moves.
final class Bench: Sendable {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let clock: StepClock
    let models: MoodyModels
    private let runner = Watched<NIOLoopBound<BackgroundJobs>?>(nil)
    /// Sessions whose ends were marked, and how many seconds late each was at most.
    let marked = Watched<[SessionKey]>([])

    init(seed: UInt64) {
        clock = StepClock(group.next())
        models = MoodyModels(seed: seed)
    }

    /// Begins to work over a store, as a process does that starts.
    func start(_ storage: any MemoryStorage) async throws {
        let (clock, models, marked) = (clock, models, marked)
        let jobs = try await clock.loop.submit {
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let now: @Sendable () -> Timestamp = { clock.wall }
            let jobs = BackgroundJobs(
                loop: clock.loop, clock: clock, now: now, storage: storage,
                handlers: [
                    .endSession: EndSession(
                        storage: storage, models: models, language: { .en }, now: now),
                    .title: GiveTitle(storage: storage, models: models, language: { .en }),
                ],
                sessions: .init(
                    isRunning: { _ in false }, hasEnded: { key in marked.update { $0.append(key) } }),
                logger: logger)
            jobs.start()
            return NIOLoopBound(jobs, eventLoop: clock.loop)
        }.get()
        runner.update { $0 = jobs }
    }

    /// Waits until nothing happens any longer before time moves on; what hangs counts as waiting.
    func settle() async throws {
        guard let runner = runner.look({ $0 }) else { return }
        while true {
            let hanging = models.hangs
            if try await clock.loop.submit({ runner.value.isAtRest(butFor: hanging) }).get() { return }
            await Task.yield()
        }
    }

    /// Jobs that the runner has in mind.
    func jobsInMind() async throws -> Int {
        guard let runner = runner.look({ $0 }) else { return 0 }
        return try await clock.loop.submit { runner.value.jobsInMind }.get()
    }

    /// Ends the work, as a process does that is asked to.
    func stop() async throws {
        guard let runner = runner.look({ $0 }) else { return }
        try await clock.loop.flatSubmit { runner.value.stop() }.get()
        clock.forget()
    }

    func close() async throws {
        try await stop()
        try await group.shutdownGracefully()
    }
}
