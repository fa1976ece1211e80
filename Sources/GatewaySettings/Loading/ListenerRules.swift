import SettingsSchema

/// What the listeners' addresses have to be to each other and to `gateway.open`, and tenants to keys.
struct ListenerRules {
    let gateway: Configuration.Gateway
    let hasKeys: Bool
    let decoding: SettingsDecoding

    private static let listen = SettingPath("gateway").member(GatewaySchema.listen.name)
    private static let admin = SettingPath("gateway").member(GatewaySchema.admin.name)
    private static let open = SettingPath("gateway").member(GatewaySchema.open.name)

    /// Reports what does not fit together; settings that are faulty by themselves are left alone.
    func check() {
        let isWide = !gateway.listen.host.isLoopback
        if isWide, !gateway.open, !hasKeys, !decoding.isFaulty(Self.open) {
            report(
                Self.listen, gateway.listen, "which others can reach",
                allowed: "a loopback address where neither keys nor gateway.open are set",
                mend: "Listen on 127.0.0.1, add keys, or set gateway.open to true (--open) if anyone may "
                    + "use it.")
        }
        if gateway.tenancy == .credential, hasKeys {
            decoding.report(
                SettingFault(
                    SettingPath("gateway").member(GatewaySchema.tenancy.name),
                    found: "\"credential\" beside keys, which name their tenants",
                    allowed: "\"single\" where there are keys", mend: "Remove it, or remove the keys."))
        }
        if gateway.listen.collides(with: gateway.admin), !decoding.isFaulty(Self.admin) {
            report(
                Self.admin, gateway.admin, "where the proxy listener listens", allowed: "a port of its own",
                mend: "Choose another port.")
        }
    }

    private func report(
        _ setting: SettingPath, _ address: ListenAddress, _ what: String, allowed: String, mend: String
    ) {
        decoding.report(
            SettingFault(
                decoding.source(of: setting), found: "\"\(address)\", \(what)", allowed: allowed, mend: mend))
    }
}
