package import Logging
package import LoopTiming
package import MemoryCore
package import MemoryStore
package import NIOCore

/// Looks after deadlines and jobs that are kept in the store: marks sessions as ended, begins what is due,
/// tries again what failed. Everything it knows is in the store, so that a restart goes on where it was. On
/// its loop only; the work itself runs in tasks.
package final class BackgroundJobs {
    /// How it goes about things.
    package struct Limits: Sendable {
        /// Jobs that run at a time.
        package var concurrency = 4
        /// Sessions that are looked at in one go.
        package var sessions = 100
        /// How often it looks.
        package var interval = TimeAmount.seconds(1)
        /// The pause after the store has failed.
        package var pause = TimeAmount.seconds(5)
        /// How failed jobs wait.
        package var backOff = BackOff()

        /// The contract's limits.
        package init() {}
    }

    private static let mostResting = 10_000
    private let loop: any EventLoop
    private let clock: any LoopClock
    private let now: @Sendable () -> Timestamp
    private let storage: any MemoryStorage
    private let handlers: [Job.Kind: any JobHandler]
    private let sessions: OpenSessionView
    private var limits: Limits
    private let logger: Logger
    private let desk: CommitDesk
    private var running: [UInt64: Run] = [:]
    private var resting: [UInt64: Rest] = [:]
    private var timer: LoopTimer?
    private var isLooking = false
    private var looksAgain = false
    private var isStopped = true
    private var stopWaiters: [EventLoopPromise<Void>] = []
    private var random = SystemRandomNumberGenerator()

    /// A job under way.
    private struct Run {
        var job: Job
        /// nil once the work is done and its outcome is on its way to the disk.
        var cancellation: Cancellation?
    }

    /// A job that is left alone for a while without the store's knowing.
    private struct Rest {
        var failures: Int
        var until: NIODeadline
    }

    /// What those who speak in sessions know of them.
    package struct OpenSessionView: Sendable {
        var isRunning: @Sendable (SessionKey) -> Bool
        var hasEnded: @Sendable (SessionKey) -> Void

        /// - Parameters:
        ///   - isRunning: whether a request of a session is under way, so that it has not ended.
        ///   - hasEnded: is told of each session that was marked.
        package init(
            isRunning: @escaping @Sendable (SessionKey) -> Bool,
            hasEnded: @escaping @Sendable (SessionKey) -> Void
        ) {
            self.isRunning = isRunning
            self.hasEnded = hasEnded
        }
    }

    /// - Parameter handlers: the work, by kind; jobs of other kinds stay where they are.
    package init(
        loop: any EventLoop, clock: any LoopClock, now: @escaping @Sendable () -> Timestamp,
        storage: any MemoryStorage, handlers: [Job.Kind: any JobHandler],
        sessions: OpenSessionView, limits: Limits = Limits(), logger: Logger
    ) {
        self.loop = loop
        self.clock = clock
        self.now = now
        self.storage = storage
        self.handlers = handlers
        self.sessions = sessions
        self.limits = limits
        self.logger = logger
        desk = CommitDesk(storage, loop: loop)
    }

    // MARK: Start and stop

    /// Begins to look, now and from then on.
    package func start() {
        isStopped = false
        look()
    }

    /// Looks as often as sessions want whose idle time is that short: the shortest there is.
    package func expectSessions(thatEndAfter idle: Duration) {
        let half = idle / 2
        limits.interval = TimeAmount(min(.seconds(1), max(.milliseconds(20), half)))
    }

    /// Begins nothing more and breaks off what runs: it is queued again.
    ///
    /// - Returns: done when nothing runs any longer.
    package func stop() -> EventLoopFuture<Void> {
        isStopped = true
        timer?.cancel()
        timer = nil
        for run in running.values { run.cancellation?.cancel() }
        let promise = loop.makePromise(of: Void.self)
        stopWaiters.append(promise)
        tellStopped()
        return promise.futureResult
    }

    private func tellStopped() {
        guard isStopped, running.isEmpty, !isLooking else { return }
        for waiter in stopWaiters { waiter.succeed() }
        stopWaiters = []
    }

    /// Jobs under way.
    package var runningJobs: [UInt64] { running.values.filter { $0.cancellation != nil }.map(\.job.id) }

    /// Whether nothing is under way: no look into the store, and no job.
    ///
    /// - Parameter waiting: jobs that wait for something themselves.
    package func isAtRest(butFor waiting: Int = 0) -> Bool { !isLooking && running.count == waiting }

    /// Jobs that are kept in mind, under way or left alone for a while.
    package var jobsInMind: Int { Set(running.keys).union(resting.keys).count }

    // MARK: Looking

    /// Looks as soon as it can: something is due that was not before.
    package func wake() {
        guard !isLooking else {
            looksAgain = true
            return
        }
        guard !isStopped else { return }
        timer?.cancel()
        timer = nil
        look()
    }

    /// What the store says is to be done.
    private struct Due: Sendable {
        var sessions: [SessionKey]
        var jobs: [Job]
        var nextSession: Timestamp?
    }

    private func look() {
        isLooking = true
        let (storage, moment, sessions) = (storage, now(), limits.sessions)
        let time = clock.now
        let excluded = Set(running.keys).union(resting.filter { $0.value.until > time }.keys)
        // Strictly behind the deadline: at it a session has not ended, and would be looked at over and over.
        let behind = moment.advanced(byMicroseconds: -1)
        let room = max(0, limits.concurrency - running.count)
        let back = NIOLoopBound(self, eventLoop: loop)
        storage.onReaderThread {
            let result = Result { () throws(StoreError) in
                Due(
                    sessions: try storage.dueSessions(at: behind, count: sessions),
                    jobs: room == 0
                        ? [] : try storage.dueJobs(at: moment, besides: excluded, count: room),
                    nextSession: try storage.nextSessionDeadline())
            }
            back.eventLoop.execute { back.value.looked(result) }
        }
    }

    private func looked(_ result: Result<Due, StoreError>) {
        switch result {
        case .failure(let error):
            note(error)
            rest(for: limits.pause)
        case .success(let due):
            guard !isStopped else { return rest(for: limits.interval) }
            for job in due.jobs where running.count < limits.concurrency { begin(job) }
            guard !due.sessions.isEmpty else { return rest(until: due.nextSession) }
            end(due.sessions)
        }
    }

    /// Marks sessions as ended, those of them that have.
    private func end(_ due: [SessionKey]) {
        let moment = now()
        let endings = due.map { key in
            MemoryChange.end(SessionEnding(key, at: moment, isRunning: sessions.isRunning(key)))
        }
        desk.commit(endings) { [self] result in
            switch result {
            case .failure(let error):
                note(error)
                return rest(for: limits.pause)
            case .success(let receipts):
                for (key, receipt) in zip(due, receipts) where receipt.isEnd { sessions.hasEnded(key) }
                // Deadlines of sessions that are gone would be found again at once.
                guard receipts.contains(where: { $0 != .absent }) else { return rest(for: limits.interval) }
            }
            // What they leave to be done is due at once, and more of them may be waiting.
            isLooking = false
            isStopped ? tellStopped() : look()
        }
    }

    private func rest(until deadline: Timestamp?) {
        let left = deadline.map { $0.microseconds - now().microseconds } ?? Int64.max
        guard left > 0 else { return rest(for: limits.interval) }
        // Strictly behind the deadline.
        rest(for: min(limits.interval, .microseconds(max(1000, min(left, 60_000_000) + 1))))
    }

    private func rest(for time: TimeAmount) {
        isLooking = false
        guard !isStopped else { return tellStopped() }
        if looksAgain {
            looksAgain = false
            return look()
        }
        timer = clock.schedule(at: clock.now + time) { [weak self] in
            guard let self, !isStopped else { return }
            timer = nil
            look()
        }
    }

    private func note(_ error: StoreError) {
        logger.error("store: deadlines and jobs have to wait", metadata: ["error": "\(error)"])
    }

    // MARK: Jobs

    private func begin(_ job: Job) {
        guard let handler = handlers[job.kind] else {
            // Others are not to wait behind it.
            resting[job.id] = Rest(failures: 1, until: clock.now + .hours(1))
            return
        }
        guard job.attempts < limits.backOff.attempts else {
            let error = job.error ?? "it never came to an end"
            return settle(job, .failed(error: error, handler.whenGivenUp(job)))
        }
        // A crash finds it begun, so that one that ends the process is not begun for ever.
        try? storage.apply([.step(JobStep(job.id, .begun, at: now()))], .withNextBatch)
        var begun = job
        begun.attempts += 1
        let work = begun
        let back = NIOLoopBound(self, eventLoop: loop)
        let cancellation = Cancellation()
        running[job.id] = Run(job: begun, cancellation: cancellation)
        loop.makeFutureWithTask { await handler.run(work, cancellation) }.whenSuccess { result in
            let jobs = back.value
            jobs.settle(work, cancellation.isCancelled ? result.brokenOff : result)
        }
    }

    private func settle(_ job: Job, _ result: JobResult) {
        running[job.id] = Run(job: job, cancellation: nil)
        desk.commit(changes(job, result)) { [self] outcome in
            running[job.id] = nil
            if case .failure(let error) = outcome {
                // It is begun in the store, and found again when the store is well.
                note(error)
                rest(job)
                return tellStopped()
            }
            resting[job.id] = nil
            isStopped ? tellStopped() : wake()
        }
    }

    /// Leaves a job alone whose outcome could not be kept, so that a store that is full for hours does not
    /// have the same work done every second.
    private func rest(_ job: Job) {
        if resting.count >= Self.mostResting { resting = [:] }
        let failures = (resting[job.id]?.failures ?? 0) + 1
        let time = limits.pause * (1 << min(failures - 1, 7))
        resting[job.id] = Rest(failures: failures, until: clock.now + time)
    }

    /// What has waited for long is looked at seldom, so that many jobs cost little while a model is away.
    private func spread(_ time: Duration, _ job: Job, at moment: Timestamp) -> Duration {
        guard time >= .seconds(30) else { return time }
        let age = Duration.microseconds(max(0, moment.microseconds - job.createdAt.microseconds))
        return max(time, min(limits.backOff.longest, age / 4))
    }

    private func changes(_ job: Job, _ result: JobResult) -> [MemoryChange] {
        let moment = now()
        func step(_ outcome: JobStep.Outcome) -> MemoryChange {
            .step(JobStep(job.id, outcome, at: moment))
        }
        switch result {
        case .done(let round, let changes):
            return changes + [step(.done(round: round))]
        case .again(let time):
            return [step(.repeated(moment.advanced(by: time)))]
        case .putBack(let time):
            return [step(.putBack(moment.advanced(by: spread(time, job, at: moment))))]
        case .failed(let error, let changes):
            logger.warning(
                "job given up",
                metadata: ["job": "\(job.id)", "kind": "\(job.kind.name)", "error": "\(error)"])
            return changes + [step(.failed(error))]
        case .retry(let error, let time):
            // Who says «in a second» time and again is not asked as often as that.
            let wait = max(
                time ?? .zero,
                limits.backOff.wait(
                    afterAttempt: job.attempts, chance: Double.random(in: 0...1, using: &random)))
            logger.notice(
                "job failed, and is tried again",
                metadata: [
                    "job": "\(job.id)", "kind": "\(job.kind.name)", "error": "\(error)", "after": "\(wait)",
                ])
            return [step(.wait(moment.advanced(by: wait), error: error))]
        }
    }
}

extension JobResult {
    /// What was broken off has not failed, and goes on as soon as somebody starts again.
    fileprivate var brokenOff: JobResult {
        switch self {
        case .retry, .putBack: .putBack(after: .zero)
        case .done, .again, .failed: self
        }
    }
}

extension ChangeReceipt {
    /// Whether a session was ended by the change.
    fileprivate var isEnd: Bool { self == .ended(.silent) || self == .ended(.toBeTold) }
}
