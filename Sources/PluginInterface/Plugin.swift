public import SettingsSchema

/// A part of memory that plugins.json configures. What it takes part in, it says by the hooks it conforms to;
/// a chain is sorted by them once, when it is loaded.
///
/// A plugin is a value made from its settings, one for each policy; what it remembers it keeps in its state
/// (`PluginServices`), not in itself.
public protocol Plugin: Sendable {
    /// Its name, what it does, and its settings.
    static var declaration: PluginDeclaration { get }

    /// A plugin with these settings. Faults are reported by the reader, which goes on with defaults.
    init(_ settings: SettingsReader)
}

extension Plugin {
    /// Its name in plugins.json.
    public static var name: String { declaration.name }
}

/// What documents, `check` and messages know of a plugin.
public struct PluginDeclaration: Sendable {
    /// Its name in plugins.json, 1–64 lower-case letters and dashes.
    public let name: String
    /// Its settings; the group's sentence says what the plugin does.
    public let settings: SettingGroup

    /// A plugin by its name and settings.
    public init(_ name: String, _ settings: SettingGroup) {
        self.name = name
        self.settings = settings
    }
}
