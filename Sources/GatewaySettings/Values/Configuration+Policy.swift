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

        /// How long things are kept; nil is for ever.
        public struct TimeToLive: Hashable, Sendable {
            /// Messages.
            public let messages: Duration?
            /// Sessions that have ended, after their last activity.
            public let sessions: Duration?
            /// Records of exchanges, and finished jobs.
            public let exchanges: Duration?
            /// From one clean-up to the next; nil leaves it to the next start.
            public let interval: Duration?
        }

        /// What a session is.
        public let session: Session
        /// What is put into requests.
        public let context: Context
        /// How exchanges are recorded.
        public let record: Record
        /// How long things are kept.
        public let ttl: TimeToLive
        /// The most messages of a session; nil for all.
        public let maxMessages: Int?
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
            let ttl = reader.group("ttl")
            func time(_ setting: Setting<Duration>) -> Duration? {
                let time = ttl.value(setting)
                return time == .zero ? nil : time
            }
            self.ttl = TimeToLive(
                messages: time(PolicySchema.messagesKept), sessions: time(PolicySchema.sessionsKept),
                exchanges: time(PolicySchema.exchangesKept), interval: time(PolicySchema.interval))
            let most = reader.group("history").value(PolicySchema.maxMessages)
            maxMessages = most == 0 ? nil : most
            self.chain = chain
        }
    }
}
