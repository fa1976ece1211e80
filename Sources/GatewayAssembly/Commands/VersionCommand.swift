internal import ArgumentParser

/// `memgate version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    /// Of this source.
    static let version = "0.1.0"

    func run() {
        StandardStreams.output("memgate \(Self.version)\n")
    }
}
