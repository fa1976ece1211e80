internal import ArgumentParser
internal import GatewaySettings
internal import LMDBMemoryStore
internal import MemoryStore

/// `memgate stats`: how much is kept. Asks the gateway that runs, else the store itself.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Print how much is kept, and what a running gateway has done.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let configuration = try LoadedSettings.read(options)
        do {
            let lines =
                if let gateway = try RunningGateway.holding(configuration.gateway.data) {
                    try await Self.lines(of: gateway)
                } else {
                    try Self.lines(ofStoreIn: configuration, options)
                }
            StandardStreams.output(lines.map { "\(Self.padded($0.name))\($0.value)\n" }.joined())
        } catch {
            StandardStreams.error("memgate: \(error)")
            throw ExitCode.failure
        }
    }

    private typealias Line = (name: String, value: String)

    private static func lines(of gateway: RunningGateway) async throws -> [Line] {
        let metrics = try await gateway.metrics()
        func whole(_ name: String) -> String { metrics.sum(of: name).map { "\(Int($0))" } ?? "unknown" }
        return [
            ("gateway", "process \(gateway.process), \(gateway.proxy), admin \(gateway.admin)"),
            ("sessions", whole("memgate_sessions")), ("messages", whole("memgate_store_messages")),
            ("store", metrics.sum(of: "memgate_store_bytes").map { kibibytes(Int($0)) } ?? "unknown"),
            ("commits", whole("memgate_commits_total")),
            ("exchanges", whole("memgate_exchanges_total")),
            ("memory", metrics.sum(of: "process_resident_memory_bytes").map { kibibytes(Int($0)) } ?? ""),
        ]
    }

    private static func lines(
        ofStoreIn configuration: Configuration, _ options: SettingsOptions
    ) throws -> [Line] {
        let folder = try DataFolder(configuration.gateway.data)
        defer { folder.release() }
        let settings = LMDBOptions(
            maximumBytes: configuration.store.maxBytes, allowsRemoteFileSystem: options.allowFilesystem)
        let storage = try LMDBStorage.open(at: configuration.gateway.data + "/memory", settings)
        defer { storage.close() }
        let statistics = try storage.statistics()
        return [
            ("gateway", "none runs on '\(configuration.gateway.data)'"),
            ("sessions", "\(statistics.sessions)"), ("messages", "\(statistics.messages)"),
            ("store", kibibytes(statistics.usedBytes)),
        ]
    }

    private static func kibibytes(_ bytes: Int) -> String { "\(bytes / 1024) KiB" }

    private static func padded(_ name: String) -> String {
        name + String(repeating: " ", count: max(1, 11 - name.count))
    }
}
