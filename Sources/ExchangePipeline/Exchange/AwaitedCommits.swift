internal import Logging
internal import LoopTiming
package import MemoryStore
internal import NIOCore

/// The commits that exchanges of one event loop wait for, and their deadlines. On its loop only.
///
/// All deadlines are the same delay away, so they form a queue and need one task of the loop, not one each.
package final class AwaitedCommits {
    private struct Waiting {
        var ticket: UInt64
        var until: NIODeadline
    }

    private let loop: any EventLoop
    private let clock: any LoopClock
    private let deadline: TimeAmount
    private let logger: Logger
    private let condition: StoreCondition
    private var exchanges: [UInt64: Exchange] = [:]
    private var queue = CircularBuffer<Waiting>()
    private var isScheduled = false
    private var lastTicket: UInt64 = 0
    private(set) lazy var inbox = CommitInbox(self, loop: loop)
    /// Replies whose end was released before their commit.
    private(set) var releasedUnacknowledged = 0

    init(
        loop: any EventLoop, clock: any LoopClock, deadline: TimeAmount, condition: StoreCondition,
        logger: Logger
    ) {
        self.loop = loop
        self.clock = clock
        self.deadline = deadline
        self.condition = condition
        self.logger = logger
    }

    /// A new ticket. Its failure is logged, whether anyone awaits it or not.
    func makeTicket() -> UInt64 {
        lastTicket += 1
        return lastTicket
    }

    /// The exchange hears of this ticket: its result, or that it is late.
    func wait(_ ticket: UInt64, _ exchange: Exchange) {
        exchanges[ticket] = exchange
        queue.append(Waiting(ticket: ticket, until: clock.now + deadline))
        schedule()
    }

    /// Commits have settled.
    func settled(_ commits: [SettledCommit]) {
        for commit in commits {
            let exchange = exchanges.removeValue(forKey: commit.ticket)
            switch commit.result {
            case .success:
                condition.note(nil)
            case .failure(let error):
                condition.note(Degradation(error))
                logger.error("store: commit failed", metadata: ["error": "\(error)"])
            }
            exchange?.commitSettled(commit.result)
        }
    }

    private func schedule() {
        guard !isScheduled, let first = queue.first else { return }
        isScheduled = true
        clock.schedule(at: first.until) { self.expire() }
    }

    private func expire() {
        isScheduled = false
        let now = clock.now
        while let first = queue.first, first.until <= now || exchanges[first.ticket] == nil {
            queue.removeFirst()
            guard let exchange = exchanges.removeValue(forKey: first.ticket) else { continue }
            releasedUnacknowledged += 1
            logger.warning(
                "store: reply released before its commit", metadata: ["exchange.id": "\(exchange.id)"])
            exchange.commitIsLate()
        }
        schedule()
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
