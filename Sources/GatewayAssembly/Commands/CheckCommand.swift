internal import ArgumentParser
internal import ChatWire
internal import GatewaySettings
internal import LMDBMemoryStore
internal import MemoryStore
internal import NIOCore
internal import PluginInterface
internal import SettingsSchema
internal import UpstreamClient

/// `memgate check`: everything that would go wrong at a start, at once.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check settings, store and upstream, and say everything that is wrong.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let configuration = try await LoadedSettings.load(options)
        var faults: [String] = []
        StandardStreams.output(
            "settings   \(configuration.provenance.file ?? "no plugins.json: the defaults hold")\n")
        for (name, policy) in configuration.policies.sorted(by: { $0.key < $1.key }) {
            let chain = policy.chain.map(\.name)
            StandardStreams.output(
                "policy     \(name): \(chain.isEmpty ? "no plugins" : chain.joined(separator: ", "))\n")
        }
        do {
            StandardStreams.output("store      \(try checkStore(configuration))\n")
        } catch {
            faults.append("\(error)")
        }
        let reason = configuration.provenance.upstream.reason
        for upstream in configuration.upstreams {
            do {
                let state = try await checkUpstream(upstream)
                StandardStreams.output("upstream   \(upstream.target) (\(reason))\(state)\n")
            } catch {
                faults.append("The upstream \(upstream.target) cannot be reached: \(error).")
            }
        }
        for fault in faults { StandardStreams.error("memgate: \(fault)") }
        guard faults.isEmpty else { throw ExitCode.failure }
        StandardStreams.output("no faults\n")
    }

    private func checkStore(_ configuration: Configuration) throws -> String {
        let folder = try DataFolder(configuration.gateway.data)
        defer { folder.release() }
        let options = LMDBOptions(
            maximumBytes: configuration.store.maxBytes, allowsRemoteFileSystem: options.allowFilesystem)
        let path = configuration.gateway.data + "/memory"
        let storage = try LMDBStorage.open(at: path, options)
        defer { storage.close() }
        let statistics = try storage.statistics()
        return "\(path), \(statistics.usedBytes / 1024) KiB, \(statistics.sessions) sessions"
    }

    private func checkUpstream(_ settings: Configuration.UpstreamSettings) async throws -> String {
        guard settings.target != .demo else { return "" }
        var headers = HeaderFields(settings.headers.map { ($0.name, $0.value.reveal()) })
        if let key = settings.keyField { headers.append(key.name, key.value.reveal()) }
        let answer = try await UpstreamProbe.with { [headers] probe in
            try await probe.models(of: Upstream(settings), headers: headers).get()
        }
        let refusal =
            answer.status == 401 || answer.status == 403
            ? "; it refuses calls of our own, so summaries are extractive until the upstream has a key" : ""
        return ", answers \(answer.status) to a request for its models" + refusal
    }
}
