internal import ArgumentParser
internal import GatewaySettings

/// The flags that say something about the settings, common to all commands that read them.
struct SettingsOptions: ParsableArguments {
    @Option(help: Self.help(.config, "file"))
    var config: String?

    @Option(help: Self.help("data", "folder"))
    var data: String?

    @Option(help: Self.help("listen", "host:port"))
    var listen: String?

    @Option(help: Self.help("admin", "host:port"))
    var admin: String?

    @Option(help: Self.help(.upstream, "url|demo"))
    var upstream: String?

    @Flag(help: Self.help("open", ""))
    var open = false

    @Flag(help: "Keep the store on NFS, SMB, 9p or FUSE too, where memory maps and locks are not reliable.")
    var allowFilesystem = false

    /// As the settings take them.
    var flags: SettingsFlags {
        var flags = SettingsFlags()
        flags.config = config
        flags.data = data
        flags.listen = listen
        flags.admin = admin
        flags.upstream = upstream
        flags.open = open
        return flags
    }

    private static func help(_ flag: CommandFlag, _ valueName: String) -> ArgumentHelp {
        let fallback = flag.defaultText.map { " (default: \($0.filter { $0 != "\"" }))" } ?? ""
        return ArgumentHelp("\(flag.sentence)\(fallback) [\(flag.variable)]", valueName: valueName)
    }

    private static func help(_ name: String, _ valueName: String) -> ArgumentHelp {
        CommandFlag.all.first { $0.name == name }.map { help($0, valueName) } ?? ArgumentHelp("")
    }
}
