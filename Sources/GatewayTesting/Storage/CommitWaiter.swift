public import MemoryStore
internal import SystemCalls

/// A listener that threads of a test wait on.
public final class CommitWaiter: CommitListener {
    private struct State {
        var settled: [UInt64: Result<[ChangeReceipt], StoreError>] = [:]
        var calls: [[UInt64]] = []
    }

    private let state = Monitor(State())

    /// A listener that was told of nothing yet.
    public init() {}

    /// Takes down what was settled; a ticket that is named twice is a broken promise and ends the test.
    public func settled(_ commits: [SettledCommit]) {
        state.update { state in
            state.calls.append(commits.map(\.ticket))
            for commit in commits {
                precondition(state.settled[commit.ticket] == nil, "A ticket was settled twice.")
                state.settled[commit.ticket] = commit.result
            }
        }
    }

    /// Waits until a ticket was settled.
    public func result(of ticket: UInt64) -> Result<[ChangeReceipt], StoreError> {
        state.wait { state in
            if let result = state.settled[ticket] { return .now(result) }
            return .sleep(until: nil)
        }
    }

    /// The tickets of each call so far.
    public var calls: [[UInt64]] { state.look { $0.calls } }
}

extension ChangeWriter {
    /// Applies changes, and waits until they are on the disk or have failed.
    @discardableResult
    public func commit(_ changes: MemoryChange...) throws(StoreError) -> [ChangeReceipt] {
        let waiter = CommitWaiter()
        try apply(changes, .waiting(ticket: 1, waiter))
        return try waiter.result(of: 1).get()
    }
}
