internal import MemoryCore
internal import MemoryStore

/// The store, for work that awaits: reads run on its reader thread.
struct JobDesk: Sendable {
    let storage: any MemoryStorage

    /// Reads off every loop and pool.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any MemoryStorage) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let storage = storage
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StoreError>, Never>) in
            storage.onReaderThread {
                continuation.resume(returning: Result { () throws(StoreError) in try body(storage) })
            }
        }
        return try result.get()
    }

    /// Commits, and comes back when that is on the disk.
    func commit(_ changes: [MemoryChange]) async throws(StoreError) {
        let storage = storage
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<[ChangeReceipt], StoreError>, Never>) in
            do throws(StoreError) {
                try storage.apply(changes, .lingering(ticket: 1, Once(continuation)))
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        _ = try result.get()
    }

    /// Is told of one commit.
    private final class Once: CommitListener {
        private let continuation: CheckedContinuation<Result<[ChangeReceipt], StoreError>, Never>

        init(_ continuation: CheckedContinuation<Result<[ChangeReceipt], StoreError>, Never>) {
            self.continuation = continuation
        }

        func settled(_ commits: [SettledCommit]) {
            for commit in commits { continuation.resume(returning: commit.result) }
        }
    }

    /// The rounds of a session's active branch within bounds, oldest first.
    func turns(of key: SessionKey, _ rounds: ClosedRange<Int>) async throws(StoreError) -> [StoredTurn] {
        try await read { (storage) throws(StoreError) in
            var newestFirst: [StoredTurn] = []
            _ = try storage.walkTurns(of: key) { turn in
                if rounds.contains(turn.round) { newestFirst.append(turn) }
                return turn.round > rounds.lowerBound
            }
            return newestFirst.reversed()
        }
    }
}
