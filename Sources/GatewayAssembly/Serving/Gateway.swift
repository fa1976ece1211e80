internal import ChatWire
internal import CurlUpstream
internal import ExchangePipeline
package import GatewayMetrics
internal import GatewayServer
package import GatewaySettings
internal import LMDBMemoryStore
package import Logging
package import LoopTiming
package import MemoryCore
internal import MemoryJobs
package import MemoryStore
package import NIOCore
internal import NIOPosix
package import SettingsSchema
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
        /// Loops that the admin listener serves on; nil for a thread of its own.
        package var adminLoops: (any EventLoopGroup)?
        /// Makes marks and tenants; nil for the folder's own.
        package var secret: [UInt8]?
        /// Reads the settings again, for the admin side; nil where they cannot be.
        package var reload: RunningSettings.Reading?
        /// Does no work behind the chats: for commands that only look.
        package var isOffline = false
        /// Local time in a zone, nil for the system's.
        package var localTime: @Sendable (String?) -> LocalTime = { LocalTime(zone: $0) }
        /// Opens folders on remote file systems too.
        package var allowsRemoteFileSystem = false

        /// The parts of a real gateway.
        package init(logger: Logger) {
            self.logger = logger
        }
    }

    /// The settings it runs on now.
    package var configuration: Configuration { running.configuration }
    private let running: RunningSettings
    /// Where memory is kept.
    package let storage: any MemoryStorage
    /// Questions of an earlier process that never got their replies.
    package let interruptedQuestions: Int
    /// What had become due while no gateway ran, in words; nil for nothing.
    package let dueAtStart: String?
    /// The proxy listener's port.
    package let port: Int
    /// What may call the admin listener, and where it comes from.
    package let adminToken: GatewayToken
    /// Who is asked when metrics are scraped; more may be added while the gateway runs.
    package let metrics: MetricsRegistry
    private let admin: AdminListener
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopParts]
    private let shared: ProxyShared
    private let memory: SharedMemory
    private let listener: ProxyListener
    private let poller: ReadinessPoller
    private let folder: DataFolder?
    private let work: Work

    /// Opens the store, recovers, and listens.
    package static func start(_ configuration: Configuration, _ parts: Parts) async throws -> Gateway {
        let folder = parts.storage == nil ? try DataFolder(configuration.gateway.data) : nil
        let meters = StoreMetrics()
        let storage = try parts.storage ?? openStorage(configuration, parts, meters)
        do {
            let interrupted = try storage.recoverInterrupted(at: parts.now())
            let gateway = try await Gateway(
                configuration, parts, storage, meters, folder, interrupted: interrupted)
            try folder?.write(addresses: gateway.proxyAddress, gateway.adminAddress)
            return gateway
        } catch {
            storage.close()
            throw error
        }
    }

    /// Room on the disk that is held back for deleting.
    private static func room(_ configuration: Configuration, _ parts: Parts) -> CleanUp.Room {
        guard !parts.isOffline else { return .none }
        let ballast = Ballast(in: configuration.gateway.data, logger: parts.logger)
        ballast.hold()
        return ballast.room
    }

    private static func openStorage(
        _ configuration: Configuration, _ parts: Parts, _ meters: StoreMetrics
    ) throws -> any MemoryStorage {
        var options = LMDBOptions(
            maximumBytes: configuration.store.maxBytes, allowsRemoteFileSystem: parts.allowsRemoteFileSystem)
        options.onCommit = { meters.note($0) }
        return try LMDBStorage.open(at: configuration.gateway.data + "/memory", options)
    }

    private init(
        _ configuration: Configuration, _ parts: Parts, _ storage: any MemoryStorage,
        _ meters: StoreMetrics, _ folder: DataFolder?, interrupted: Int
    ) async throws {
        self.storage = storage
        self.folder = folder
        interruptedQuestions = interrupted
        dueAtStart = try Self.due(in: storage, at: parts.now())
        let secret = try parts.secret ?? folder?.secret() ?? []
        adminToken = try GatewayToken(configuration, folder)
        group = MultiThreadedEventLoopGroup(numberOfThreads: parts.loops)
        shared = ProxyShared(logger: parts.logger)
        poller = try ReadinessPoller()
        let sessions = configuration.limits.sessionsCached
        memory = SharedMemory(sessions: sessions, metrics: PipelineMetrics())
        metrics = MetricsRegistry(memory.metrics, storage, meters, startedAt: parts.now())
        let plugins = memory.metrics.plugins
        let makeSettings: @Sendable (Configuration) -> ProxySettings = { configuration in
            ProxySettings(
                configuration, secret: secret, plugins, parts.localTime(configuration.gateway.timeZone))
        }
        let settings = makeSettings(configuration)
        let assembly = LoopAssembly(
            settings: settings, sessions: sessions, storage: storage, shared: shared, memory: memory,
            poller: poller, logger: parts.logger, clock: parts.clock, now: parts.now)
        var loops: [LoopParts] = []
        for loop in group.makeIterator() {
            loops.append(try await loop.submit { try assembly.make(on: loop) }.get())
        }
        self.loops = loops
        work = try await Work.make(
            configuration, on: loops[0], storage: storage, memory: memory, hopName: shared.hopName,
            room: folder == nil ? .none : Self.room(configuration, parts), parts)
        running = RunningSettings(
            configuration, settings, loops: loops.map(\.proxy), work: work, make: makeSettings,
            logger: parts.logger)
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
            throw ListenFailure(address, flag: "listen", error)
        }
        port = listener.address.port ?? configuration.gateway.listen.port
        let adminAddress = configuration.gateway.admin
        let services = AdminServices(
            token: AdminToken(adminToken.text), storage: storage, condition: memory.condition,
            metrics: metrics, shared: shared, settings: { [running] in running.settings },
            reload: { [running] in await running.reload(parts.reload) },
            work: work.forAdmin(memory.open), now: parts.now, logger: parts.logger)
        do {
            admin = try await AdminListener.bind(
                host: adminAddress.host.text, port: adminAddress.port, on: parts.adminLoops, services)
        } catch {
            await listener.close()
            await Self.closeEngines(loops)
            await Self.stop(poller, group)
            throw ListenFailure(adminAddress, flag: "admin", error)
        }
        work.supply(metrics)
        if !parts.isOffline { work.begin() }
    }

    private static func due(in storage: any MemoryStorage, at now: Timestamp) throws -> String? {
        let most = 1000
        let sessions = try storage.dueSessions(at: now, count: most).count
        let jobs = try storage.dueJobs(at: now, besides: [], count: most).count
        guard sessions + jobs > 0 else { return nil }
        func counted(_ count: Int) -> String { count < most ? "\(count)" : "\(most) or more" }
        return "\(counted(sessions)) sessions to be looked at, \(counted(jobs)) jobs to go on with"
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

    /// Where the admin side listens, as a URL without a path.
    package var adminAddress: String { "http://\(configuration.gateway.admin.host):\(adminPort)" }

    /// The admin listener's port.
    package var adminPort: Int { admin.port }

    // MARK: Reload

    /// Reads the settings again and puts the whole new chain into the place of the old one; on any fault the
    /// old one keeps serving. Requests under way go on under the settings they began with.
    ///
    /// - Returns: what is wrong with them; nothing where they hold now.
    @discardableResult
    package func reload(_ load: @escaping RunningSettings.Reading) async -> [SettingFault] {
        await running.reload(load)
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
        await admin.close()
        await onEachLoop { $0.closeAll() }
        await work.stop()
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
