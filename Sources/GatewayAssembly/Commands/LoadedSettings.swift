internal import ArgumentParser
internal import GatewaySettings

/// Settings as commands load them.
enum LoadedSettings {
    /// The checked settings; every fault goes to the log stream, one line each, and ends the command with 1.
    static func load(_ options: SettingsOptions) throws -> Configuration {
        do {
            return try Configuration.load(flags: options.flags, surroundings: ProcessSurroundings())
        } catch {
            for line in error.lines { StandardStreams.error("memgate: \(line)") }
            throw ExitCode.failure
        }
    }
}
