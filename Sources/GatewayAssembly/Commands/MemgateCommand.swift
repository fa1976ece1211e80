internal import ArgumentParser

/// The command line: `memgate` alone means `memgate serve`.
struct MemgateCommand: AsyncParsableCommand {
    /// Name, sentence and subcommands.
    static let configuration = CommandConfiguration(
        commandName: "memgate",
        abstract: "A memory gateway between any OpenAI client and any OpenAI-compatible model server.",
        subcommands: [ServeCommand.self, CheckCommand.self, VersionCommand.self],
        defaultSubcommand: ServeCommand.self)

}

/// The way in for the executable, which knows nothing but this.
public enum Memgate {
    /// Runs the command line of the process; exits with its code.
    public static func run() async {
        await MemgateCommand.main()
    }
}
