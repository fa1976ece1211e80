public import Digests
public import SettingsSchema

extension Configuration {
    /// A gateway key: what a client shows, and what its requests may do.
    public struct Key: Sendable {
        /// What it is called.
        public let name: String
        /// The SHA-256 of the key.
        public let digest: Digest
        /// Whom its data belongs to.
        public let tenant: String
        /// The user of requests that name none.
        public let user: String
        /// The policy of its requests.
        public let policy: String
        /// The credential that goes up for it.
        public private(set) var upstreamKey: Secret?
        /// Whether its requests may name a user or a chat.
        public let mayAssertUser: Bool
        /// Whether its requests may name another policy.
        public let mayChoosePolicy: Bool

        /// The same for an upstream that its credential was not meant for.
        var withoutUpstreamKey: Key {
            var key = self
            key.upstreamKey = nil
            return key
        }

        /// A key of the file; nil where it has no name or digest, after the rest has been checked too.
        init?(_ reader: SettingsReader) {
            let name = reader.value(KeySchema.name)
            let digest = reader.value(KeySchema.sha256)
            let tenant = reader.value(KeySchema.tenant)
            let user = reader.value(KeySchema.user)
            policy = reader.value(KeySchema.policy) ?? "default"
            upstreamKey = reader.value(KeySchema.upstreamKey)
            mayAssertUser = reader.value(KeySchema.mayAssertUser)
            mayChoosePolicy = reader.value(KeySchema.mayChoosePolicy)
            guard let name, let digest else { return nil }
            self.name = name
            self.digest = digest
            self.tenant = tenant ?? name
            self.user = user ?? name
        }
    }
}
