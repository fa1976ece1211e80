public import MemoryCore
public import PluginInterface
internal import SettingsSchema

extension Configuration {
    /// A named bundle of memory settings.
    public struct Policy: Sendable {
        /// What a session is.
        public struct Session: Hashable, Sendable {
            /// A conversation, or the one that a user or a room is in.
            public let scope: SessionScope
            /// After how long without activity it ends.
            public let idle: Duration
            /// What clients send of it.
            public let history: SessionHistory
            /// Whether it is given a title.
            public let titles: Bool
        }

        /// What is put into requests.
        public struct Context: Hashable, Sendable {
            /// The most tokens, below what the model's window leaves; nil for all of that.
            public let maxTokens: Int?
            /// Where the standing block goes.
            public let placement: Placement
            /// After how long a silence a step costs nothing.
            public let coldAfter: Duration
        }

        /// How exchanges are recorded.
        public struct Record: Hashable, Sendable {
            /// How long the end of a reply waits for the store, counted from its finishing event.
            public let deadline: Duration
            /// How long a plain reply is read to its end after its client has gone.
            public let drainTimeout: Duration
        }

        /// How long things are kept; zero for ever.
        public struct TTL: Hashable, Sendable {
            /// Messages.
            public let messages: Duration
            /// Sessions, from their last activity on.
            public let sessions: Duration
            /// What explains exchanges.
            public let exchanges: Duration
            /// How often that is looked at.
            public let interval: Duration
        }

        /// What a session is.
        public let session: Session
        /// What is put into requests.
        public let context: Context
        /// How exchanges are recorded.
        public let record: Record
        /// How long things are kept.
        public let ttl: TTL
        /// How many messages of a session are kept; nil for all of them.
        public let maxMessages: Int?
        /// Its plugins with their settings, in the order of request hooks.
        public let chain: [PluginUse]

        init(_ reader: SettingsReader, chain: [PluginUse]) {
            let session = reader.group("session")
            self.session = Session(
                scope: session.value(PolicySchema.scope), idle: session.value(PolicySchema.idle),
                history: session.value(PolicySchema.sessionHistory),
                titles: session.value(PolicySchema.titles))
            let context = reader.group("context")
            self.context = Context(
                maxTokens: context.value(PolicySchema.maxTokens),
                placement: context.value(PolicySchema.placement),
                coldAfter: context.value(PolicySchema.coldAfter))
            let record = reader.group("record")
            self.record = Record(
                deadline: record.value(PolicySchema.deadline),
                drainTimeout: record.value(PolicySchema.drainTimeout))
            let ttl = reader.group("ttl")
            self.ttl = TTL(
                messages: ttl.value(PolicySchema.ttlMessages), sessions: ttl.value(PolicySchema.ttlSessions),
                exchanges: ttl.value(PolicySchema.ttlExchanges),
                interval: ttl.value(PolicySchema.ttlInterval))
            let most = reader.group("history").value(PolicySchema.maxMessages)
            maxMessages = most == 0 ? nil : most
            self.chain = chain
        }
    }
}
