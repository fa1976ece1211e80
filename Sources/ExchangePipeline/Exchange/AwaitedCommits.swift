internal import Logging
internal import LoopTiming
internal import MemoryCore
package import MemoryStore
internal import NIOCore

/// Waits for a commit.
protocol CommitWaiter: AnyObject {
    /// It is durable, or has failed.
    func commitSettled(_ result: Result<[ChangeReceipt], StoreError>)
    /// The deadline has come first; nothing more is told.
    func commitIsLate()
}

/// The commits that exchanges of one event loop wait for, and their deadlines. On its loop only.
///
/// Deadlines of one delay form a queue and need one task of the loop, not one each; policies have few
/// different ones.
package final class AwaitedCommits {
    /// What a ticket is about.
    private struct Record {
        var session: SessionKey
        /// Whether its reply has left, so that a request may follow it.
        var isReleased: Bool
    }

    private struct Waiting {
        var ticket: UInt64
        var until: NIODeadline
    }

    private let loop: any EventLoop
    private let clock: any LoopClock
    private let logger: Logger
    private let condition: StoreCondition
    private let unsettled: UnsettledSessions
    private var waiters: [UInt64: any CommitWaiter] = [:]
    private var records: [UInt64: Record] = [:]
    private var queues: [TimeAmount: CircularBuffer<Waiting>] = [:]
    private var scheduled: Set<TimeAmount> = []
    private var lastTicket: UInt64 = 0
    private(set) lazy var inbox = CommitInbox(self, loop: loop)

    init(
        loop: any EventLoop, clock: any LoopClock, condition: StoreCondition,
        unsettled: UnsettledSessions, logger: Logger
    ) {
        self.loop = loop
        self.clock = clock
        self.condition = condition
        self.unsettled = unsettled
        self.logger = logger
    }

    /// A new ticket.
    func makeTicket() -> UInt64 {
        lastTicket += 1
        return lastTicket
    }

    /// A new ticket for a record of a session. Its failure is logged, whether anyone awaits it or not.
    ///
    /// - Parameter isReleased: whether the reply leaves before the record is on the disk.
    func makeTicket(of session: SessionKey, isReleased: Bool) -> UInt64 {
        let ticket = makeTicket()
        records[ticket] = Record(session: session, isReleased: isReleased)
        if isReleased { unsettled.began(session) }
        return ticket
    }

    /// The record of a ticket was settled, or not taken by the store.
    ///
    /// - Returns: whether the ticket was one of a record.
    @discardableResult
    func drop(_ ticket: UInt64) -> Bool {
        guard let record = records.removeValue(forKey: ticket) else { return false }
        if record.isReleased { unsettled.settled(record.session) }
        return true
    }

    private func release(_ ticket: UInt64) {
        guard let record = records[ticket], !record.isReleased else { return }
        records[ticket]?.isReleased = true
        unsettled.began(record.session)
    }

    /// The waiter hears of this ticket: its result, or, behind the deadline, that it is late.
    func wait(_ ticket: UInt64, _ waiter: any CommitWaiter, deadline: TimeAmount) {
        waiters[ticket] = waiter
        queues[deadline, default: []].append(Waiting(ticket: ticket, until: clock.now + deadline))
        schedule(deadline)
    }

    /// Commits have settled.
    func settled(_ commits: [SettledCommit]) {
        for commit in commits where drop(commit.ticket) {
            switch commit.result {
            case .success:
                condition.note(nil)
            case .failure(let error):
                // What is too large for its own reasons says nothing of the store.
                if error.code != .tooLarge { condition.note(Degradation(error)) }
                logger.error("store: commit failed", metadata: ["error": "\(error)"])
            }
        }
        for commit in commits {
            waiters.removeValue(forKey: commit.ticket)?.commitSettled(commit.result)
        }
    }

    private func schedule(_ deadline: TimeAmount) {
        guard let first = queues[deadline]?.first, scheduled.insert(deadline).inserted else { return }
        clock.schedule(at: first.until) { self.expire(deadline) }
    }

    private func expire(_ deadline: TimeAmount) {
        scheduled.remove(deadline)
        let now = clock.now
        while let first = queues[deadline]?.first, first.until <= now || waiters[first.ticket] == nil {
            queues[deadline]?.removeFirst()
            guard let waiter = waiters.removeValue(forKey: first.ticket) else { continue }
            release(first.ticket)
            waiter.commitIsLate()
        }
        // Settings that are gone leave no queue behind.
        if queues[deadline]?.isEmpty ?? false { queues[deadline] = nil }
        schedule(deadline)
    }
}

/// Brings the store's word from its thread to the loop: once a batch.
package final class CommitInbox: CommitListener {
    private let loop: any EventLoop
    private let target: NIOLoopBound<AwaitedCommits>

    init(_ target: AwaitedCommits, loop: any EventLoop) {
        self.loop = loop
        self.target = NIOLoopBound(target, eventLoop: loop)
    }

    /// See `CommitListener`.
    package func settled(_ commits: [SettledCommit]) {
        let target = target
        loop.execute { target.value.settled(commits) }
    }
}
