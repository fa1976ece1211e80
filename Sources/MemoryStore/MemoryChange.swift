public import MemoryCore

/// A write as a value. A list of them is applied whole or not at all.
public enum MemoryChange: Sendable {
    /// A question that is on its way to the upstream. Should the process end before its `record`, recovery
    /// keeps the question, marked `interrupted`, without a round.
    case journal(JournalledTurn)
    /// An exchange's end. Takes the round's number; removes the journal entry of the same exchange.
    case record(RecordedTurn)
    /// What came after the record: usage, or content after the finishing event. Replaces the replies of the
    /// exchange.
    case amend(AmendedReply)
    /// A new link of a session's chain of summaries, or another text in the place of one.
    case summarise(SessionSummary)
    /// What a plugin keeps of an owner.
    case keep(PluginEntry)
    /// A session ends, if it has been silent for long enough or is made to. What is to be told of it is a job
    /// from then on.
    case end(SessionEnding)
    /// What a job has made of a session.
    case mark(SessionMark)
    /// A job that is to be done.
    case enqueue(NewJob)
    /// What becomes of a job.
    case step(JobStep)
    /// Messages of a session go for good.
    case trim(SessionTrim)
    /// A session goes for good.
    case erase(SessionErasure)
    /// Records of exchanges go for good.
    case forgetExchanges([ExchangeID])
    /// Finished jobs are forgotten.
    case forgetJobs([UInt64])
}

/// A session that may have ended.
public struct SessionEnding: Hashable, Sendable {
    /// The session.
    public var session: SessionKey
    /// Now.
    public var at: Timestamp
    /// Whether it ends however long it was silent.
    public var isForced: Bool
    /// Whether a request of it is under way, so that it has not ended by itself.
    public var isRunning: Bool

    /// An end by its members.
    public init(_ session: SessionKey, at: Timestamp, isForced: Bool = false, isRunning: Bool = false) {
        self.session = session
        self.at = at
        self.isForced = isForced
        self.isRunning = isRunning
    }
}

/// A turn's new messages, before their reply is known.
public struct JournalledTurn: Sendable {
    /// The exchange.
    public var exchange: ExchangeID
    /// The session, made by this change if it is new.
    public var session: SessionKey
    /// Where the messages stand.
    public var place: TurnPlace
    /// The new client messages, in order.
    public var messages: [NewMessage]
    /// How the client would announce a retry of it.
    public var fingerprints: [RequestFingerprint]
    /// What its policy and route mean for the session.
    public var terms = SessionTerms()
    /// Whether another request of the session was under way when it came, so that it cannot have ended.
    public var joinsRunning = false
    /// When they were forwarded.
    public var at: Timestamp

    /// A question by its members.
    public init(
        exchange: ExchangeID, session: SessionKey, place: TurnPlace, messages: [NewMessage],
        fingerprints: [RequestFingerprint] = [], at: Timestamp
    ) {
        self.exchange = exchange
        self.session = session
        self.place = place
        self.messages = messages
        self.fingerprints = fingerprints
        self.at = at
    }
}

/// Where a turn's messages stand in the session's tree. Decided when the request is resolved, applied in the
/// transaction that records it.
public enum TurnPlace: Hashable, Sendable {
    /// A new round behind whatever is the newest message when the record is written: parallel requests of one
    /// session become rounds one after another.
    case newRound
    /// The next step of an open turn: behind `node`, in its round.
    case openTurn(node: UInt64, round: Int)
    /// A new round behind `node`, or in front of everything with 0, which leaves what followed there outside
    /// of the active branch: an edit.
    case behind(node: UInt64)
}

/// A finished exchange.
public struct RecordedTurn: Sendable {
    /// Where the messages stand.
    public var place: TurnPlace
    /// The new client messages, in order, with the status they end in.
    public var messages: [NewMessage]
    /// One message per choice; empty where nothing came. The first is the active one, the others its
    /// siblings.
    public var replies: [NewMessage]
    /// What the admin side shows; carries the session and the exchange.
    public var exchange: ExchangeRecord
    /// How the client announces retries. A retry adds no turn: its question is on record, and its reply
    /// becomes a further one of that round, or the first where the earlier try failed.
    public var fingerprints: [RequestFingerprint] = []
    /// The session's context after a step; nil where it stays as it is.
    public var context: SessionContext?
    /// Whether the request brought its own history.
    public var bringsHistory = false
    /// Whether the session is from now on the one its owner is in.
    public var becomesCurrent = false
    /// What its policy and route mean for the session.
    public var terms = SessionTerms()
    /// Whether another request of the session was under way when it came, so that it cannot have ended.
    public var joinsRunning = false
    /// When the reply ended.
    public var at: Timestamp

    /// A finished exchange by its members.
    public init(
        place: TurnPlace, messages: [NewMessage], replies: [NewMessage], exchange: ExchangeRecord,
        at: Timestamp
    ) {
        self.place = place
        self.messages = messages
        self.replies = replies
        self.exchange = exchange
        self.at = at
    }

    /// Whether the exchange takes a round: only one that got a whole reply, one cut by its own client, or one
    /// longer than is kept does. A question that failed, and partial text of a cut reply, keep none and leave
    /// the active branch where it was.
    public var takesRound: Bool {
        !replies.isEmpty && (exchange.outcome == .recorded || exchange.outcome == .disconnected)
    }
}

/// What came after the record of an exchange.
public struct AmendedReply: Sendable {
    /// The exchange that was recorded before.
    public var exchange: ExchangeID
    /// Its session.
    public var session: SessionKey
    /// The replies as they are now: as many as were recorded, or more.
    public var replies: [NewMessage]

    /// An amendment by its members.
    public init(exchange: ExchangeID, session: SessionKey, replies: [NewMessage]) {
        self.exchange = exchange
        self.session = session
        self.replies = replies
    }
}

/// A value that a plugin keeps of one owner.
public struct PluginEntry: Sendable {
    /// Whom it is about.
    public var owner: SessionOwner
    /// The plugin's name, 1–64 bytes.
    public var plugin: String
    /// The value's name, 1–256 bytes.
    public var key: String
    /// The value, at most 60,000 bytes; nil takes it away.
    public var value: [UInt8]?

    /// An entry by its members.
    public init(owner: SessionOwner, plugin: String, key: String, value: [UInt8]?) {
        self.owner = owner
        self.plugin = plugin
        self.key = key
        self.value = value
    }

    /// Refuses what no engine has room for.
    ///
    /// - Throws: `tooLarge`.
    public func check() throws(StoreError) {
        guard (1...64).contains(plugin.utf8.count), (1...256).contains(key.utf8.count),
            (value?.count ?? 0) <= 60_000
        else {
            throw StoreError(
                .tooLarge,
                "A plugin's name has 1 to 64 bytes, a key 1 to 256, a value at most 60,000.")
        }
    }
}

extension MemoryChange {
    /// The names that the keys of a change are made of in a store.
    public var names: [String] {
        switch self {
        case .journal(let turn): turn.session.names
        case .record(let turn): turn.exchange.session.names
        case .amend(let reply): reply.session.names
        case .summarise(let summary): summary.session.names
        case .keep(let entry): entry.owner.names
        case .end(let ending): ending.session.names
        case .mark(let mark): mark.session.names
        case .enqueue(let job): job.session?.names ?? []
        case .trim(let trim): trim.session.names
        case .erase(let erasure): erasure.session.names
        case .step, .forgetExchanges, .forgetJobs: []
        }
    }
}

extension SessionOwner {
    /// The names that its key in a store is made of.
    public var names: [String] { [tenant, name] }
}

extension SessionKey {
    /// The names that its key in a store is made of.
    public var names: [String] { owner.names + [name] }
}

/// What a change did.
public enum ChangeReceipt: Hashable, Sendable {
    /// The question is in the journal.
    case journalled
    /// The exchange is recorded: its round, or nil where it takes none.
    case recorded(round: Int?)
    /// The replies were replaced.
    case amended
    /// The summary, the plugin's value, the mark or the job's step is in the store.
    case kept
    /// What was to go is gone: so many messages, exchanges or jobs.
    case deleted(Int)
    /// What became of a session that may have ended.
    case ended(SessionLife.Ending)
    /// The job that is to be done now, by its number.
    case queued(UInt64)
    /// The exchange was not found: nothing was changed.
    case absent
}
