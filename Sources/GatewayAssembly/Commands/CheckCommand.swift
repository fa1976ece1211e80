internal import ArgumentParser
internal import GatewaySettings
internal import LMDBMemoryStore
internal import MemoryStore

/// `memgate check`: everything that would go wrong at a start, at once.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check the settings and the store, and say what is wrong.")

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let configuration = try LoadedSettings.load(options)
        do {
            let folder = try DataFolder(configuration.gateway.data)
            let options = LMDBOptions(
                maximumBytes: configuration.store.maxBytes, allowsRemoteFileSystem: self.options.allowFilesystem)
            let storage = try LMDBStorage.open(at: configuration.gateway.data + "/memory", options)
            let statistics = try storage.statistics()
            storage.close()
            folder.release()
            StandardStreams.output("store     \(configuration.gateway.data)/memory, \(statistics.usedBytes) bytes\n")
        } catch {
            StandardStreams.error("memgate: \(error)")
            throw ExitCode.failure
        }
        StandardStreams.output("settings  \(configuration.provenance.file ?? "defaults")\nno faults\n")
    }
}
