internal import MemoryStore
internal import SystemCalls

/// The one thread that writes: it takes batches from the queue, commits them, and tells the listeners.
final class Writer: Sendable {
    private let batcher: Monitor<WriteBatcher<PendingList>>
    private let thread: SystemThread

    /// - Parameter onCommit: is told of each batch.
    init(
        _ committer: BatchCommitter, _ limits: WriteLimits, onCommit: (@Sendable (CommittedBatch) -> Void)?
    ) throws(SystemError) {
        let batcher = Monitor(WriteBatcher<PendingList>(limits))
        self.batcher = batcher
        thread = try SystemThread(named: "memgate-writer") { Self.run(batcher, committer, onCommit) }
    }

    /// Queues a list of changes.
    func add(_ list: PendingList) throws(StoreError) {
        let now = SystemClock.monotonicNanoseconds()
        let isAwaited =
            switch list.urgency {
            case .waiting: true
            case .withNextBatch, .lingering: false
            }
        let mustWake = try batcher.look { (batcher) throws(StoreError) in
            try batcher.add(list, bytes: list.bytes, isAwaited: isAwaited, at: now)
        }
        if mustWake { batcher.wake() }
    }

    /// Refuses new changes, commits what is queued, and ends the thread.
    func close() {
        batcher.update { $0.close() }
        thread.join()
    }

    private static func run(
        _ batcher: Monitor<WriteBatcher<PendingList>>, _ committer: BatchCommitter,
        _ onCommit: (@Sendable (CommittedBatch) -> Void)?
    ) {
        var housekeeping = Housekeeping(at: SystemClock.monotonicNanoseconds())
        while true {
            let batch = batcher.wait { batcher -> Awaited<[PendingList]?> in
                let now = SystemClock.monotonicNanoseconds()
                switch batcher.next(at: now) {
                case .commit(let batch): return .now(batch)
                case .finished: return .now(nil)
                case .sleep(let moment):
                    if housekeeping.isDue(at: now) { return .now([]) }
                    return .sleep(until: min(moment ?? .max, housekeeping.due))
                }
            }
            guard let batch else { return }
            if !batch.isEmpty {
                let start = SystemClock.monotonicNanoseconds()
                let outcomes = committer.commit(batch)
                let taken = SystemClock.monotonicNanoseconds() - start
                onCommit?(CommittedBatch(lists: batch.count, nanoseconds: taken))
                tell(batch, outcomes)
            }
            if housekeeping.isDue(at: SystemClock.monotonicNanoseconds()) {
                _ = committer.environment.checkReaders()
                housekeeping = Housekeeping(at: SystemClock.monotonicNanoseconds())
            }
        }
    }

    /// Tells each listener once, of all its tickets.
    private static func tell(_ batch: [PendingList], _ outcomes: [BatchCommitter.Outcome]) {
        var listeners: [any CommitListener] = []
        var settled: [ObjectIdentifier: [SettledCommit]] = [:]
        for (list, outcome) in zip(batch, outcomes) {
            guard let (ticket, listener) = list.urgency.told else { continue }
            if settled[ObjectIdentifier(listener)] == nil { listeners.append(listener) }
            settled[ObjectIdentifier(listener), default: []].append(
                SettledCommit(ticket: ticket, result: outcome))
        }
        for listener in listeners { listener.settled(settled[ObjectIdentifier(listener)] ?? []) }
    }
}

/// Once a minute the slots of readers are checked whose process is gone: they would keep pages from being
/// used again.
private struct Housekeeping {
    let due: Int64

    init(at now: Int64) {
        due = now + 60_000_000_000
    }

    func isDue(at now: Int64) -> Bool { due <= now }
}
