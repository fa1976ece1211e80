public import SettingsSchema

/// A plugin in a chain: the plugin, and what the pipeline holds it to.
public struct PluginUse: Sendable {
    /// What becomes of a request whose plugin fails.
    public enum ErrorPolicy: String, CaseIterable, Hashable, Sendable {
        /// It goes on without the plugin; that is counted and shown.
        case skip
        /// It is refused.
        case reject
    }

    /// The plugin.
    public let plugin: any Plugin
    /// Where it applies.
    public let when: PluginCondition
    /// What becomes of a request when it fails.
    public let onError: ErrorPolicy
    /// How long it is awaited.
    public let timeout: Duration
    /// Stands for the plugin and its settings, from start to start.
    public let mark: UInt64
    /// Its settings with their defaults, secrets as their references: for people to look at.
    public let settings: [SettingValue.Member]

    /// A use by its members.
    public init(
        _ plugin: any Plugin, when: PluginCondition = PluginCondition(), onError: ErrorPolicy = .skip,
        timeout: Duration = .milliseconds(50), mark: UInt64 = 0, settings: [SettingValue.Member] = []
    ) {
        self.plugin = plugin
        self.when = when
        self.onError = onError
        self.timeout = timeout
        self.mark = mark
        self.settings = settings
    }

    /// The plugin's name.
    public var name: String { type(of: plugin).name }
}
