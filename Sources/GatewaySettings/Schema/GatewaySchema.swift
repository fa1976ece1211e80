internal import MemoryCore
internal import SettingsSchema

/// The settings under `gateway`.
enum GatewaySchema {
    static let listen = Setting(
        "listen", .address, default: loopback(8787), flag: "listen",
        "Where clients connect; wider than loopback only with `open`.")
    static let admin = Setting(
        "admin", .address, default: loopback(8788), flag: "admin",
        "Where the admin listener listens: JSON API, health, metrics.")
    static let adminToken = Setting<Secret?>.optional(
        "adminToken", .secret,
        "The admin listener's token; without it one is made and kept in the data folder.")
    static let data = Setting(
        "data", .path, default: "var", flag: "data", "The folder that holds everything the gateway writes.")
    static let durability = Setting(
        "durability", .choice, default: Durability.acknowledged,
        "Whether the end of a reply waits until its round is on disk.")
    static let open = Setting(
        "open", .boolean, default: false, flag: "open",
        "Lets everyone who can reach the listener use it, so that it may listen wider than loopback.")
    static let tenancy = Setting(
        "tenancy", .choice, default: Tenancy.single,
        "Whom data belongs to without gateway keys.")
    static let origins = Setting(
        "origins", .list(of: .origin, atMost: 100), default: [],
        "Web origins, besides local ones, whose pages may use the gateway.")
    static let hosts = Setting(
        "hosts", .list(of: .host, atMost: 100), default: [],
        "Host names, besides local ones, under which the gateway may be addressed.")
    static let defaultUser = Setting<String?>.optional(
        "defaultUser", .identifier, "The user of requests that name none.")
    static let language = Setting(
        "language", .choice, default: Language.en, "The language of what memgate itself says to models.")
    static let timeZone = Setting<String?>.optional(
        "timeZone", .timeZone, "In whose days the digest counts; without it, the system's.")
    static let drain = Setting(
        "drain", .duration(.zero ... .seconds(3600)), default: .seconds(30),
        "How long running replies may go on after the signal to stop.")

    static let openWebUISecret = Setting<Secret?>.optional(
        "openWebUISecret", .secret,
        "The secret with which Open WebUI signs who its users are; with it, only signed names of its count.")
    static let identity = SettingGroup("Identities that others sign.", [openWebUISecret.declaration])

    static let group = SettingGroup(
        "The process and its listeners.",
        [
            listen.declaration, admin.declaration, adminToken.declaration, data.declaration,
            durability.declaration, open.declaration, tenancy.declaration, origins.declaration,
            hosts.declaration, defaultUser.declaration, .group("identity", identity), drain.declaration,
            timeZone.declaration, language.declaration,
        ])

    private static func loopback(_ port: Int) -> ListenAddress {
        guard let host = HostName("127.0.0.1") else { preconditionFailure("a valid address") }
        return ListenAddress(host: host, port: port)
    }
}
