internal import ArgumentParser
package import GatewaySettings
internal import PluginInterface
internal import StandardPlugins

/// The command line: `memgate` alone means `memgate serve`.
struct MemgateCommand: AsyncParsableCommand {
    /// Name, sentence and subcommands.
    static let configuration = CommandConfiguration(
        commandName: "memgate",
        abstract: "A memory gateway between any OpenAI client and any OpenAI-compatible model server.",
        discussion: """
            memgate alone means memgate serve and takes its flags: --config, --data, --listen, --admin, \
            --upstream, --open, --allow-filesystem. Try `memgate --upstream demo`.
            """,
        subcommands: [
            ServeCommand.self, CheckCommand.self, SessionsCommand.self, StatsCommand.self,
            VersionCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)
}

/// The way in for the executable, which knows nothing but this.
public enum Memgate {
    /// Runs the command line of the process; exits with its code.
    public static func run() async {
        await MemgateCommand.main()
    }

    /// Serves with parts that a test put in the place of the real ones.
    package static func serve(
        _ flags: SettingsFlags, _ replace: (Configuration, inout Gateway.Parts) throws -> Void
    ) async throws {
        let configuration = try Configuration.load(
            plugins: .standard, flags: flags, surroundings: ProcessSurroundings())
        var parts = Gateway.Parts(logger: GatewayLog.make())
        try replace(configuration, &parts)
        try await ServeCommand.run(configuration, parts)
    }
}
