import SettingsSchema

/// A flag of the command line that says something about the settings, and the environment variable of the
/// same meaning.
public struct CommandFlag: Hashable, Sendable {
    /// Its name without dashes: `listen`.
    public let name: String
    /// The setting whose place it takes: `gateway.listen`; nil for those that are no single setting.
    public let setting: String?
    /// What holds without it, as it would be written; nil where there is nothing to write.
    public let defaultText: String?
    /// What it is for, one sentence.
    public let sentence: String

    /// On the command line: `--listen`.
    public var flag: String { "--\(name)" }

    /// In the environment: `MEMGATE_LISTEN`.
    public var variable: String { "MEMGATE_\(name.uppercased())" }

    /// The file with the settings.
    public static let config = CommandFlag(
        name: "config", setting: nil, defaultText: "plugins.json", sentence: "The file with the settings.")

    /// The model server.
    public static let upstream = CommandFlag(
        name: "upstream", setting: nil, defaultText: nil,
        sentence: "The model server's base URL, or demo for the built-in model; replaces the file's upstream."
    )

    /// All of them.
    public static let all: [CommandFlag] = [config, upstream] + ofSettings

    /// Those that take the place of one setting, from the settings' own declarations.
    static let ofSettings: [CommandFlag] = SettingGroup(
        "", [.group("gateway", GatewaySchema.group)]
    ).settings.compactMap { path, setting in
        setting.flag.map { name in
            CommandFlag(
                name: name, setting: path, defaultText: setting.defaultText, sentence: setting.sentence)
        }
    }
}
