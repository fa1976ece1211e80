import SettingsSchema

extension Configuration {
    /// What the proxy listener accepts. Sizes are bytes.
    public struct Limits: Hashable, Sendable {
        /// The longest body on memory routes, in bytes behind gzip.
        public let body: Int
        /// How many bytes of a reply are recorded.
        public let reply: Int
        /// The longest head of a request, in bytes.
        public let headers: Int
        /// How deep the JSON of a body may nest.
        public let depth: Int
        /// The most messages in a request.
        public let messages: Int
        /// The most connections from clients at a time.
        public let connections: Int
        /// The longest line of an event stream that is recorded, in bytes.
        public let eventLine: Int
        /// How many sessions are kept in memory.
        public let sessionsCached: Int
        /// How long a client may take to send a head.
        public let headTimeout: Duration
        /// How long a client may send nothing of a body.
        public let bodyTimeout: Duration
        /// How long a connection may be idle between requests.
        public let keepAlive: Duration
        /// How long a client may take nothing of a reply.
        public let writeStall: Duration

        init(_ reader: SettingsReader) {
            body = reader.value(LimitsSchema.body)
            reply = reader.value(LimitsSchema.reply)
            headers = reader.value(LimitsSchema.headers)
            depth = reader.value(LimitsSchema.depth)
            messages = reader.value(LimitsSchema.messages)
            connections = reader.value(LimitsSchema.connections)
            eventLine = reader.value(LimitsSchema.eventLine)
            sessionsCached = reader.value(LimitsSchema.sessionsCached)
            headTimeout = reader.value(LimitsSchema.headTimeout)
            bodyTimeout = reader.value(LimitsSchema.bodyTimeout)
            keepAlive = reader.value(LimitsSchema.keepAlive)
            writeStall = reader.value(LimitsSchema.writeStall)
        }
    }
}
