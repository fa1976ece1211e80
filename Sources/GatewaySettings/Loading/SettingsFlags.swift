import SettingsSchema

/// What the command line said about the settings; nil where it said nothing.
public struct SettingsFlags: Hashable, Sendable {
    /// `--config`
    public var config: String?
    /// `--data`
    public var data: String?
    /// `--listen`
    public var listen: String?
    /// `--admin`
    public var admin: String?
    /// `--upstream`
    public var upstream: String?
    /// `--open`: true where it was given.
    public var open = false

    /// A command line that said nothing.
    public init() {}

    /// What a flag was given.
    func value(of flag: CommandFlag) -> SettingValue? {
        switch flag.name {
        case "config": config.map(SettingValue.string)
        case "data": data.map(SettingValue.string)
        case "listen": listen.map(SettingValue.string)
        case "admin": admin.map(SettingValue.string)
        case "upstream": upstream.map(SettingValue.string)
        case "open": open ? .boolean(true) : nil
        default: preconditionFailure("no member for --\(flag.name)")
        }
    }
}
