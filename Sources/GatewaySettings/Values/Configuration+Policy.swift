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

        /// What a session is.
        public let session: Session
        /// What is put into requests.
        public let context: Context
        /// How exchanges are recorded.
        public let record: Record
        /// Its plugins with their settings, in the order of request hooks.
        public let chain: [PluginUse]

        init(_ reader: SettingsReader, chain: [PluginUse]) {
            let session = reader.group("session")
            self.session = Session(
                scope: session.value(PolicySchema.scope), idle: session.value(PolicySchema.idle),
                history: session.value(PolicySchema.history),
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
            self.chain = chain
        }
    }
}
