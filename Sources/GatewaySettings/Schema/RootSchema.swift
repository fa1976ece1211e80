import SettingsSchema

/// The top level of plugins.json.
enum RootSchema {
    static let group = SettingGroup(
        "All settings.",
        [
            .group("gateway", GatewaySchema.group),
            .group("limits", LimitsSchema.group),
            .group("store", StoreSchema.group),
            .groups("upstreams", UpstreamSchema.group),
            .groups("keys", KeySchema.group),
            .namedGroups("policies", PolicySchema.group),
        ],
        later: LaterSettings.top)
}
