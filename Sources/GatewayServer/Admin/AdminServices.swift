package import ExchangePipeline
package import GatewayMetrics
package import Logging
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
    let logger: Logger

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
        reload: @escaping @Sendable () async -> [SettingFault], logger: Logger
    ) {
        self.token = token
        self.storage = storage
        self.condition = condition
        self.metrics = metrics
        self.shared = shared
        self.settings = settings
        self.reload = reload
        self.logger = logger
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
