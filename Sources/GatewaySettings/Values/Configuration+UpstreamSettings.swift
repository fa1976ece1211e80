public import SettingsSchema

extension Configuration {
    /// A model server and how to talk to it.
    public struct UpstreamSettings: Sendable {
        /// What it is called.
        public let name: String
        /// The server, or the built-in model.
        public private(set) var target: UpstreamTarget
        /// The credential that goes up instead of the client's own.
        public private(set) var key: Secret?
        /// The header field that carries the key.
        public let keyHeader: String
        /// Header fields that are added to every request, in the order of the file.
        public let headers: [(name: String, value: Secret)]
        /// Patterns of the models it serves.
        public let models: [String]
        /// How many tokens models take, by patterns of their names, in the order of the file.
        public let contextTokens: [(name: String, value: Int)]
        /// The paths that an open gateway passes on.
        public let paths: [PathRule]
        /// The URL of the proxy on the way; a secret, since it may hold a password.
        public let proxy: Secret?
        /// A PEM file of certificate authorities; nil for the system's.
        public let certificateAuthorities: String?
        /// How long connecting may take.
        public let connectTimeout: Duration
        /// How long the head of a reply may take.
        public let firstByteTimeout: Duration
        /// How long a reply may pause.
        public let idleTimeout: Duration
        /// How long a whole exchange may take.
        public let totalTimeout: Duration
        /// How often a request of which nothing was sent is tried again.
        public let retries: Int

        /// The header field that carries the key: `Authorization` takes a bearer token, others the key alone.
        public var keyField: (name: String, value: Secret)? { key.map(field) }

        /// The header field that carries a key to this upstream.
        public func field(for key: Secret) -> (name: String, value: Secret) {
            guard keyHeader.lowercased() == "authorization" else { return (keyHeader, key) }
            return (keyHeader, Secret("Bearer \(key.reveal())", source: key.source))
        }

        /// The same at another address, without the key, which was not meant for it.
        func moved(to address: WebAddress) -> UpstreamSettings {
            var upstream = self
            upstream.target = .server(address)
            upstream.key = nil
            return upstream
        }

        /// An upstream of the file; nil where it names no valid URL, after the rest has been checked too.
        init?(_ reader: SettingsReader) {
            let target = reader.value(UpstreamSchema.url)
            self.init(reader, target: target ?? .demo, key: reader.value(UpstreamSchema.key))
            reportKeyTwice(reader)
            if target == nil { return nil }
        }

        /// Two fields of one name would go up, and servers differ in which one they take.
        private func reportKeyTwice(_ reader: SettingsReader) {
            guard key != nil,
                let twice = headers.first(where: { $0.name.lowercased() == keyHeader.lowercased() })
            else { return }
            reader.decoding.report(
                SettingFault(
                    reader.path.member("headers").member(twice.name), found: "the field that carries the key",
                    allowed: "another field", mend: "Remove it, or remove the key."))
        }

        /// An upstream that stands in no file: the defaults hold.
        init(_ target: UpstreamTarget, key: Secret? = nil, _ decoding: SettingsDecoding) {
            self.init(
                SettingsReader(nil, at: SettingPath("upstream"), UpstreamSchema.group, decoding),
                target: target,
                key: key)
        }

        private init(_ reader: SettingsReader, target: UpstreamTarget, key: Secret?) {
            self.target = target
            self.key = key
            name = reader.value(UpstreamSchema.name)
            keyHeader = reader.value(UpstreamSchema.keyHeader)
            headers = reader.value(UpstreamSchema.headers)
            models = reader.value(UpstreamSchema.models)
            contextTokens = reader.value(UpstreamSchema.contextTokens)
            paths = reader.value(UpstreamSchema.paths)
            proxy = reader.value(UpstreamSchema.proxy)
            certificateAuthorities = reader.value(UpstreamSchema.ca)
            connectTimeout = reader.value(UpstreamSchema.connectTimeout)
            firstByteTimeout = reader.value(UpstreamSchema.firstByteTimeout)
            idleTimeout = reader.value(UpstreamSchema.idleTimeout)
            totalTimeout = reader.value(UpstreamSchema.totalTimeout)
            retries = reader.value(UpstreamSchema.retries)
            // Only `false` passes, so there is nothing to keep.
            _ = reader.value(UpstreamSchema.http2)
        }
    }
}
