package import ExchangePipeline
package import GatewayMetrics
package import Logging
package import MemoryCore
package import MemoryStore
package import SettingsSchema

/// What the admin side works with.
package struct AdminServices: Sendable {
    let token: AdminToken
    let storage: any MemoryStorage
    let condition: StoreCondition
    let metrics: MetricsRegistry
    let shared: ProxyShared
    let settings: @Sendable () -> ProxySettings
    let reload: @Sendable () async -> [SettingFault]
    let work: Work
    let now: @Sendable () -> Timestamp
    let logger: Logger

    /// The work behind the chats, as far as the admin side has to do with it.
    package struct Work: Sendable {
        var sessionEnded: @Sendable (SessionKey) -> Void
        var wake: @Sendable () -> Void
        var stopped: @Sendable () -> [String: String]
        var retention: @Sendable () -> RetentionRules

        /// - Parameters:
        ///   - sessionEnded: is told of a session that was ended by hand.
        ///   - wake: something is to be done.
        ///   - stopped: why servers are not asked for work of our own, by their upstreams' names.
        ///   - retention: what is kept for how long.
        package init(
            sessionEnded: @escaping @Sendable (SessionKey) -> Void, wake: @escaping @Sendable () -> Void,
            stopped: @escaping @Sendable () -> [String: String],
            retention: @escaping @Sendable () -> RetentionRules
        ) {
            self.sessionEnded = sessionEnded
            self.wake = wake
            self.stopped = stopped
            self.retention = retention
        }
    }

    /// Services by their members.
    ///
    /// - Parameters:
    ///   - condition: what the store said last.
    ///   - shared: what the proxy's loops share.
    ///   - settings: those that new requests begin with.
    ///   - reload: reads the settings again; what is wrong with them, or nothing where they hold now.
    package init(
        token: AdminToken, storage: any MemoryStorage, condition: StoreCondition, metrics: MetricsRegistry,
        shared: ProxyShared, settings: @escaping @Sendable () -> ProxySettings,
        reload: @escaping @Sendable () async -> [SettingFault], work: Work,
        now: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.token = token
        self.storage = storage
        self.condition = condition
        self.metrics = metrics
        self.shared = shared
        self.settings = settings
        self.reload = reload
        self.work = work
        self.now = now
        self.logger = logger
    }

    /// A session was ended by hand.
    func sessionEnded(_ key: SessionKey) {
        work.sessionEnded(key)
        work.wake()
    }

    /// Something is to be done.
    func wake() { work.wake() }

    /// Why servers are not asked for work of our own.
    func workStopped() -> [String: String] { work.stopped() }

    /// Whether a record is older than it is kept, whether or not it was deleted already.
    func isForgotten(_ record: ExchangeRecord) -> Bool {
        work.retention().isForgotten(exchangeOf: record.policy, created: record.createdAt, at: now())
    }

    /// Commits, and comes back when that is on the disk.
    func commit(_ changes: [MemoryChange]) async throws -> [ChangeReceipt] {
        let storage = storage
        return try await withCheckedThrowingContinuation { continuation in
            do throws(StoreError) {
                try storage.apply(changes, .waiting(ticket: 1, OneCommit(continuation)))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Is told of one commit.
    private final class OneCommit: CommitListener {
        private let continuation: CheckedContinuation<[ChangeReceipt], any Error>

        init(_ continuation: CheckedContinuation<[ChangeReceipt], any Error>) {
            self.continuation = continuation
        }

        func settled(_ commits: [SettledCommit]) {
            for commit in commits { continuation.resume(with: commit.result.mapError { $0 as any Error }) }
        }
    }

    /// Reads on the store's reader thread: neither the listener's loop nor the pool of tasks waits for the
    /// disk.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any MemoryStorage) throws -> Value
    ) async throws -> Value {
        let storage = storage
        return try await withCheckedThrowingContinuation { continuation in
            storage.onReaderThread { continuation.resume(with: Result { try body(storage) }) }
        }
    }
}
