internal import PluginInterface
internal import SettingsSchema

/// The top level of plugins.json.
enum RootSchema {
    /// - Parameter plugins: those that a chain may use.
    static func group(_ plugins: PluginCatalogue) -> SettingGroup {
        SettingGroup(
            "All settings.",
            [
                .group("gateway", GatewaySchema.group),
                .group("limits", LimitsSchema.group),
                .group("store", StoreSchema.group),
                .groups("upstreams", UpstreamSchema.group),
                .group("models", ModelsSchema.group),
                .groups("keys", KeySchema.group),
                .namedGroups("policies", PolicySchema.group(plugins)),
                .groups("plugins", PluginUseSchema.group(plugins)),
            ])
    }
}
