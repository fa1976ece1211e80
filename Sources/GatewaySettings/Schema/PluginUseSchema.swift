internal import PluginInterface
internal import SettingsSchema

/// The settings of an entry of the chain.
enum PluginUseSchema {
    static let paths = Setting(
        "paths", .list(of: .namePattern, atMost: 100), default: [], "Paths, with * for any characters.")
    static let models = Setting(
        "models", .list(of: .namePattern, atMost: 100), default: [], "Models, with * for any characters.")
    static let policies = Setting(
        "policies", .list(of: .plainName, atMost: 100), default: [], "Policies by name.")
    static let keys = Setting("keys", .list(of: .plainName, atMost: 1000), default: [], "Keys by name.")
    static let when = SettingGroup(
        "Where a plugin applies; everywhere without it.",
        [paths.declaration, models.declaration, policies.declaration, keys.declaration])

    static let onError = Setting(
        "onError", .choice, default: PluginUse.ErrorPolicy.skip,
        "Whether a request goes on without the plugin when it fails, or is refused.")
    static let timeout = Setting(
        "timeout", .duration(.milliseconds(1) ... .seconds(60)), default: .milliseconds(50),
        "How long the plugin is awaited.")

    static func group(_ plugins: PluginCatalogue) -> SettingGroup {
        SettingGroup(
            "The chain, in the order of request hooks.",
            [
                use(plugins).declaration, settings.declaration, .group("when", when), onError.declaration,
                timeout.declaration,
            ])
    }

    /// Which plugin.
    static func use(_ plugins: PluginCatalogue) -> Setting<String?> {
        .required("use", .plugin(plugins), "The plugin's name.")
    }

    static let settings = Setting<SettingValue?>.optional(
        "settings", .pluginSettings, "The plugin's own settings; see the table of plugins.")
}

extension SettingRule where Value == String {
    /// The name of a plugin that there is.
    static func plugin(_ plugins: PluginCatalogue) -> SettingRule {
        .name(among: plugins.plugins.map { $0.name }, later: plugins.later, "the plugin")
    }
}

extension SettingRule where Value == NamePattern {
    /// A pattern of names.
    static var namePattern: SettingRule {
        SettingRule(.string("a name, with * for any characters"), spell: { _ in nil }) {
            text throws(SettingRefusal) in
            guard !text.isEmpty else { throw SettingRefusal(mend: "Write \"*\" for everything.") }
            return NamePattern(text)
        }
    }
}

extension SettingRule where Value == SettingValue {
    /// An object that is read by the declarations of the plugin it belongs to.
    static var pluginSettings: SettingRule {
        let type = SettingType.string("an object of the plugin's settings")
        return SettingRule(
            type,
            decode: { value, path, decoding in
                if case .object = value { return value }
                decoding.report(
                    value, at: path, as: type, found: value.foundKind, mend: "Write an object in braces.")
                return nil
            },
            spell: { _ in nil })
    }
}
