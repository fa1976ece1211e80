internal import ArgumentParser
internal import GatewaySettings
internal import NIOCore
internal import PluginInterface
internal import StandardPlugins

/// Settings as commands load them.
enum LoadedSettings {
    /// The checked settings, with a model server that was found where they name none; every fault goes to
    /// the log stream, one line each, and ends the command with 1.
    static func load(_ options: SettingsOptions) async throws -> Configuration {
        do {
            return try await find(options)
        } catch {
            throw failure(error)
        }
    }

    /// The checked settings, for commands that need no model server.
    static func read(_ options: SettingsOptions) throws -> Configuration {
        do {
            return try checked(options)
        } catch {
            throw failure(error)
        }
    }

    private static func failure(_ faults: ConfigurationFaults) -> ExitCode {
        for line in faults.lines { StandardStreams.error("memgate: \(line)") }
        return .failure
    }

    /// The checked settings, with a model server that was found where they name none.
    static func find(_ options: SettingsOptions) async throws(ConfigurationFaults) -> Configuration {
        let configuration = try checked(options)
        guard !configuration.localCandidates.isEmpty else { return configuration }
        let found = await LocalServerSearch().first(of: configuration.localCandidates)
        return found.map(configuration.served) ?? configuration
    }

    private static func checked(_ options: SettingsOptions) throws(ConfigurationFaults) -> Configuration {
        try Configuration.load(
            plugins: .standard, flags: options.flags, surroundings: ProcessSurroundings(),
            ownNames: ownAddresses())
    }

    /// This machine's addresses, as URLs write them: an upstream among them may be the gateway itself.
    private static func ownAddresses() -> [String] {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.compactMap { device in
            guard let address = device.address?.ipAddress else { return nil }
            return address.contains(":") ? "[\(address)]" : address
        }
    }
}
