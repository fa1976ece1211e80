internal import ChatWire
internal import CurlUpstream
internal import ExchangePipeline
internal import GatewayServer
package import GatewaySettings
internal import LMDBMemoryStore
package import Logging
package import LoopTiming
package import MemoryCore
package import MemoryStore
package import NIOCore
internal import NIOPosix
internal import Synchronization
internal import SystemCalls
internal import UpstreamClient

/// A whole gateway, from its settings to its listeners: the one place that knows every type.
package final class Gateway: Sendable {
    /// What a gateway is made of that tests put other things in the place of.
    package struct Parts: Sendable {
        /// Where memory is kept; nil for LMDB in the settings' folder.
        package var storage: (any MemoryStorage)?
        /// The wall clock.
        package var now: @Sendable () -> Timestamp = {
            Timestamp(microseconds: SystemClock.wallMicroseconds())
        }
        /// The clock of each event loop.
        package var clock: @Sendable (any EventLoop) -> any LoopClock = { SystemLoopClock($0) }
        /// Where the log goes.
        package var logger: Logger
        /// Event loops; each has its own listener, upstream connections and exchanges.
        package var loops = System.coreCount
        /// Makes marks and tenants; nil for the folder's own.
        package var secret: [UInt8]?
        /// Opens folders on remote file systems too.
        package var allowsRemoteFileSystem = false

        /// The parts of a real gateway.
        package init(logger: Logger) {
            self.logger = logger
        }
    }

    /// The settings it runs on now.
    package var configuration: Configuration { current.withLock { $0 } }
    private let current: Mutex<Configuration>
    private let secret: [UInt8]
    private let logger: Logger
    /// Where memory is kept.
    package let storage: any MemoryStorage
    /// Questions of an earlier process that never got their replies.
    package let interruptedQuestions: Int
    /// The proxy listener's port.
    package let port: Int
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopParts]
    private let shared: ProxyShared
    private let memory: SharedMemory
    private let listener: ProxyListener
    private let poller: ReadinessPoller
    private let folder: DataFolder?

    /// What belongs to one event loop.
    private struct LoopParts: Sendable {
        var proxy: NIOLoopBound<ProxyLoop>
        var engine: NIOLoopBound<CurlEngine>
    }

    /// Opens the store, recovers, and listens.
    package static func start(_ configuration: Configuration, _ parts: Parts) async throws -> Gateway {
        let folder = parts.storage == nil ? try DataFolder(configuration.gateway.data) : nil
        let storage = try parts.storage ?? openStorage(configuration, parts)
        do {
            let interrupted = try storage.recoverInterrupted(at: parts.now())
            let gateway = try await Gateway(configuration, parts, storage, folder, interrupted: interrupted)
            try folder?.write(addresses: gateway.proxyAddress)
            return gateway
        } catch {
            storage.close()
            throw error
        }
    }

    private static func openStorage(
        _ configuration: Configuration, _ parts: Parts
    ) throws -> any MemoryStorage {
        let options = LMDBOptions(
            maximumBytes: configuration.store.maxBytes, allowsRemoteFileSystem: parts.allowsRemoteFileSystem)
        return try LMDBStorage.open(at: configuration.gateway.data + "/memory", options)
    }

    private init(
        _ configuration: Configuration, _ parts: Parts, _ storage: any MemoryStorage, _ folder: DataFolder?,
        interrupted: Int
    ) async throws {
        current = Mutex(configuration)
        logger = parts.logger
        self.storage = storage
        self.folder = folder
        interruptedQuestions = interrupted
        group = MultiThreadedEventLoopGroup(numberOfThreads: parts.loops)
        secret = try parts.secret ?? folder?.secret() ?? []
        shared = ProxyShared(logger: parts.logger)
        poller = try ReadinessPoller()
        let sessions = configuration.limits.sessionsCached
        memory = SharedMemory(sessions: sessions, metrics: PipelineMetrics())
        let assembly = LoopAssembly(
            settings: ProxySettings(configuration, secret: secret, memory.metrics.plugins),
            sessions: sessions, storage: storage,
            shared: shared, memory: memory, poller: poller, logger: parts.logger, clock: parts.clock,
            now: parts.now)
        var loops: [LoopParts] = []
        for loop in group.makeIterator() {
            let (proxy, engine) = try await loop.submit { try assembly.make(on: loop) }.get()
            loops.append(LoopParts(proxy: proxy, engine: engine))
        }
        self.loops = loops
        let address = configuration.gateway.listen
        do {
            if address.port != 0 {
                try TCPAddress.requireFree(host: address.host.text, port: address.port)
            }
            listener = try await ProxyListener.bind(
                host: address.host.text, port: address.port, loops: loops.map(\.proxy))
        } catch {
            await Self.closeEngines(loops)
            await Self.stop(poller, group)
            throw ListenFailure(address, error)
        }
        port = listener.address.port ?? configuration.gateway.listen.port
    }

    /// Connections of clients that are open now.
    package var openConnections: Int { shared.connectionCount }

    /// How often a plugin was left out.
    package func pluginFailures(of plugin: String) -> Int {
        memory.metrics.plugins.meter(of: plugin).failures
    }

    /// Where the proxy listens, as a URL without a path.
    package var proxyAddress: String {
        "http://\(configuration.gateway.listen.host):\(port)"
    }

    // MARK: Reload

    /// Reads the settings again and puts the whole new chain into the place of the old one; on any fault the
    /// old one keeps serving. Requests under way go on under the settings they began with.
    package func reload(
        _ load: @Sendable () async throws(ConfigurationFaults) -> Configuration
    ) async {
        do throws(ConfigurationFaults) {
            let new = try await load()
            let changed = configuration.settingsThatNeedARestart(to: new)
            guard changed.isEmpty else {
                logger.error(
                    "settings not reloaded: some need a restart, the old ones keep serving",
                    metadata: ["settings": "\(changed.joined(separator: ", "))"])
                return
            }
            let settings = ProxySettings(new, secret: secret, memory.metrics.plugins)
            await onEachLoop { $0.settings = settings }
            current.withLock { $0 = new }
            logger.notice("settings reloaded", metadata: ["file": "\(new.provenance.file ?? "none")"])
        } catch {
            for line in error.lines { logger.error("settings not reloaded", metadata: ["fault": "\(line)"]) }
        }
    }

    // MARK: The end

    /// Finishes the replies that run and lets their clients read them, for at most `gateway.drain`; new
    /// requests are refused meanwhile.
    package func drain() async {
        let end = ContinuousClock.now + configuration.gateway.drain
        shared.startDraining()
        await onEachLoop { $0.drain() }
        await shared.whenNone(.requests, until: end)
        await listener.close()
        await onEachLoop { $0.drain() }
        await shared.whenNone(.connections, until: end)
    }

    /// Closes everything; what was acknowledged is on disk.
    package func close() async {
        await listener.close()
        await onEachLoop { $0.closeAll() }
        await Self.closeEngines(loops)
        // The loops are told of the last commits: they go after the store.
        await closeStorage()
        await Self.stop(poller, group)
        folder?.release()
    }

    /// Closing blocks until the last commit is on disk.
    private func closeStorage() async {
        await withCheckedContinuation { continuation in
            let storage = storage
            do {
                _ = try SystemThread(named: "store-close") {
                    storage.close()
                    continuation.resume()
                }
            } catch {
                storage.close()
                continuation.resume()
            }
        }
    }

    private func onEachLoop(_ body: @escaping @Sendable (ProxyLoop) -> Void) async {
        for parts in loops {
            let loop = parts.proxy.eventLoop
            _ = try? await loop.submit { body(parts.proxy.value) }.get()
        }
    }

    private static func closeEngines(_ loops: [LoopParts]) async {
        for parts in loops {
            _ = try? await parts.engine.eventLoop.submit { parts.engine.value.close() }.get()
        }
    }

    private static func stop(_ poller: ReadinessPoller, _ group: MultiThreadedEventLoopGroup) async {
        poller.stop()
        try? await group.shutdownGracefully()
    }
}
