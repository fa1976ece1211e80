public import MemoryCore
public import SettingsSchema

extension Configuration {
    /// The process and its listeners.
    public struct Gateway: Sendable {
        /// Where clients connect.
        public let listen: ListenAddress
        /// Where the admin listener listens.
        public let admin: ListenAddress
        /// The admin listener's token, if the settings give one.
        public let adminToken: Secret?
        /// The folder that holds everything the gateway writes; relative paths are the working directory's.
        public let data: String
        /// Whether the end of a reply waits for the disk.
        public let durability: Durability
        /// Whether everyone who can reach the listener may use it.
        public let open: Bool
        /// Whom data belongs to.
        public let tenancy: Tenancy
        /// Web origins that are served besides local ones.
        public let origins: [OriginPattern]
        /// Hosts under which the gateway may be addressed besides local ones.
        public let hosts: [HostName]
        /// The user of requests that name none; nil for `default`, who has no standing memory.
        public let defaultUser: String?
        /// The secret with which Open WebUI signs who its users are.
        public let openWebUISecret: Secret?
        /// How long running replies may go on after the signal to stop.
        public let drain: Duration
        /// The time zone in whose days the digest counts; nil for the system's.
        public let timeZone: String?
        /// The language of what memgate itself says to models.
        public let language: Language

        init(_ reader: SettingsReader) {
            listen = reader.value(GatewaySchema.listen)
            admin = reader.value(GatewaySchema.admin)
            adminToken = reader.value(GatewaySchema.adminToken)
            data = reader.value(GatewaySchema.data)
            durability = reader.value(GatewaySchema.durability)
            open = reader.value(GatewaySchema.open)
            tenancy = reader.value(GatewaySchema.tenancy)
            origins = reader.value(GatewaySchema.origins)
            hosts = reader.value(GatewaySchema.hosts)
            defaultUser = reader.value(GatewaySchema.defaultUser)
            openWebUISecret = reader.group("identity").value(GatewaySchema.openWebUISecret)
            drain = reader.value(GatewaySchema.drain)
            timeZone = reader.value(GatewaySchema.timeZone)
            language = reader.value(GatewaySchema.language)
        }
    }
}
