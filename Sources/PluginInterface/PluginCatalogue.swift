public import SettingsSchema

/// The plugins that a gateway knows, in the usual order of a chain.
public struct PluginCatalogue: Sendable {
    /// Those there are.
    public let plugins: [any Plugin.Type]
    /// The chain where plugins.json has no `plugins`.
    public let defaultChain: [String]
    /// The usual order, with those that are promised but not built.
    public let usualOrder: [String]

    /// A catalogue of plugins.
    ///
    /// - Parameters:
    ///   - usualOrder: names; plugins that are not among them come last.
    public init(_ plugins: [any Plugin.Type], defaultChain: [String], usualOrder: [String]) {
        self.plugins = plugins
        self.defaultChain = defaultChain
        self.usualOrder = usualOrder
    }

    /// The same with more plugins.
    public func adding(_ more: [any Plugin.Type]) -> PluginCatalogue {
        PluginCatalogue(plugins + more, defaultChain: defaultChain, usualOrder: usualOrder)
    }

    /// The plugin of a name.
    public func plugin(named name: String) -> (any Plugin.Type)? {
        plugins.first { $0.name == name }
    }

    /// Names that are promised but not built.
    public var later: [String] { usualOrder.filter { plugin(named: $0) == nil } }

    /// The settings of all plugins by their names, as a policy overrides them.
    public var settings: SettingGroup {
        SettingGroup(
            "Settings of single plugins, over those of the chain.",
            plugins.map { .group($0.name, $0.declaration.settings) }, later: later.map { LaterSetting($0) })
    }
}
