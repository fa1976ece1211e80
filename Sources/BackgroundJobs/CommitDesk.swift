internal import MemoryStore
internal import NIOCore

/// Commits of one event loop with somebody to be told of each. On its loop only.
final class CommitDesk {
    private let loop: any EventLoop
    private let storage: any MemoryStorage
    private var waiting: [UInt64: (Result<[ChangeReceipt], StoreError>) -> Void] = [:]
    private var lastTicket: UInt64 = 0
    private lazy var inbox = Inbox(self, loop)

    init(_ storage: any MemoryStorage, loop: any EventLoop) {
        self.storage = storage
        self.loop = loop
    }

    /// Commits, and tells what came of it in a later turn of the loop, or at once where nothing was taken.
    func commit(
        _ changes: [MemoryChange], then: @escaping (Result<[ChangeReceipt], StoreError>) -> Void
    ) {
        lastTicket += 1
        waiting[lastTicket] = then
        do throws(StoreError) {
            try storage.apply(changes, .lingering(ticket: lastTicket, inbox))
        } catch {
            waiting.removeValue(forKey: lastTicket)?(.failure(error))
        }
    }

    private func settled(_ commits: [SettledCommit]) {
        for commit in commits { waiting.removeValue(forKey: commit.ticket)?(commit.result) }
    }

    /// Brings the store's word from its thread to the loop.
    private final class Inbox: CommitListener {
        private let loop: any EventLoop
        private let desk: NIOLoopBound<CommitDesk>

        init(_ desk: CommitDesk, _ loop: any EventLoop) {
            self.loop = loop
            self.desk = NIOLoopBound(desk, eventLoop: loop)
        }

        func settled(_ commits: [SettledCommit]) {
            let desk = desk
            loop.execute { desk.value.settled(commits) }
        }
    }
}
