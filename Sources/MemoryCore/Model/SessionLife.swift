/// How far a session is (admin API: `status`).
public enum SessionStatus: UInt8, Sendable, CaseIterable {
    /// It goes on.
    case open = 0
    /// It has ended; nothing tells yet what was said in it.
    case closing = 1
    /// A summary stands, which a better one may replace.
    case summarised = 2
    /// Nothing is left to do.
    case archived = 3

    /// As the admin API spells it.
    public var name: String { "\(self)" }
}

/// What a request's policy and route mean for its session, as last heard.
public struct SessionTerms: Hashable, Sendable {
    /// The policy's name.
    public var policy: String
    /// Microseconds without activity after which the session ends.
    public var idleMicroseconds: Int64
    /// How the session was found (admin API: `resolved`).
    public var resolution: String
    /// The upstream that its chats go to, by name.
    public var upstream: String
    /// The model that it asked for last; empty where none was named.
    public var model: String
    /// Whether a title is made.
    public var makesTitle: Bool
    /// The most messages that are kept of it; nil for all.
    public var mostMessages: Int?

    /// Terms by their members; the defaults are those of the contract.
    public init(
        policy: String = "default", idleMicroseconds: Int64 = 1_800_000_000, resolution: String = "",
        upstream: String = "", model: String = "", makesTitle: Bool = true, mostMessages: Int? = nil
    ) {
        self.policy = policy
        self.idleMicroseconds = idleMicroseconds
        self.resolution = resolution
        self.upstream = upstream
        self.model = model
        self.makesTitle = makesTitle
        self.mostMessages = mostMessages
    }

    /// Whether a session has more messages than are kept.
    public func isExceeded(by messages: Int) -> Bool { mostMessages.map { messages > $0 } ?? false }

    /// Whether the session was found without anybody naming it: by what was said, or because it was new.
    public var isFoundByContent: Bool { resolution == "new" || resolution == "aligned" }
}

/// A session's way from its first message to its summary. Engines keep it and ask it; what follows from a
/// moment is decided here, once for all of them.
public struct SessionLife: Hashable, Sendable {
    /// How far it is.
    public var status = SessionStatus.open
    /// When it ended, nil while it is open. Names the end: a later one is another.
    public var endedAt: Timestamp?
    /// When an engine looks at the session again; nil where it need not. Activity leaves it alone.
    public var deadline: Timestamp?
    /// The last round that an end summary tells; 0 where none does.
    public var toldRound = 0
    /// What it is called; nil until it has a title.
    public var title: String?
    /// What its requests brought along.
    public var terms: SessionTerms

    /// A session that begins.
    public init(_ terms: SessionTerms) {
        self.terms = terms
    }

    /// The moment after which it has ended, without further activity.
    public func expiry(after lastActive: Timestamp) -> Timestamp {
        lastActive.advanced(byMicroseconds: terms.idleMicroseconds)
    }

    /// Whether it has ended by itself, marked or not.
    public func hasExpired(at now: Timestamp, lastActive: Timestamp) -> Bool {
        status == .open && now > expiry(after: lastActive)
    }

    /// What an end asks for.
    public enum Ending: Hashable, Sendable {
        /// It has not ended: somebody looks again at the deadline.
        case notYet
        /// It had ended before.
        case before
        /// It has ended now, and nothing was said that is not told.
        case silent
        /// It has ended now, and is to be summarised up to its last round.
        case toBeTold
    }

    /// Ends it.
    ///
    /// - Parameters:
    ///   - lastActive: when something was said in it last.
    ///   - isForced: whether it ends now, however long it was silent.
    public mutating func end(
        at now: Timestamp, lastActive: Timestamp, lastRound: Int, isForced: Bool
    ) -> Ending {
        guard status == .open else {
            deadline = nil
            return .before
        }
        let expiry = expiry(after: lastActive)
        guard isForced || now > expiry else {
            deadline = expiry
            return .notYet
        }
        deadline = nil
        endedAt = now
        guard lastRound > toldRound else {
            status = .archived
            return .silent
        }
        status = .closing
        return .toBeTold
    }

    /// Something was said in it: it goes on, or begins again where it had ended.
    public mutating func goOn(_ terms: SessionTerms, at now: Timestamp) {
        // How it was found first stays.
        let resolution = self.terms.resolution
        self.terms = terms
        if !resolution.isEmpty { self.terms.resolution = resolution }
        status = .open
        endedAt = nil
        // Left alone as long as somebody looks in time: an idle time that became shorter moves it.
        let expiry = expiry(after: now)
        if deadline.map({ $0 > expiry }) ?? true { deadline = expiry }
    }

    /// Takes over what a job has made of it.
    public mutating func take(_ mark: SessionMark) {
        if let title = mark.title, mark.replacesTitle || self.title == nil { self.title = title }
        if let round = mark.toldRound { toldRound = max(toldRound, round) }
        // A session that was opened again, or ended again, has a later end to wait for.
        guard let status = mark.status, self.status != .open, endedAt == mark.endedAt else { return }
        if status.rawValue > self.status.rawValue { self.status = status }
    }
}

/// What a job has made of a session.
public struct SessionMark: Hashable, Sendable {
    /// The session.
    public var session: SessionKey
    /// The end that the job belongs to.
    public var endedAt: Timestamp?
    /// How far the session is now; nothing goes back.
    public var status: SessionStatus?
    /// Its title.
    public var title: String?
    /// Whether the title takes the place of one that is there: somebody may have written that meanwhile.
    public var replacesTitle: Bool
    /// The last round that is told.
    public var toldRound: Int?

    /// A mark by its members.
    public init(
        _ session: SessionKey, endedAt: Timestamp? = nil, status: SessionStatus? = nil, title: String? = nil,
        replacesTitle: Bool = true, toldRound: Int? = nil
    ) {
        self.session = session
        self.endedAt = endedAt
        self.status = status
        self.title = title
        self.replacesTitle = replacesTitle
        self.toldRound = toldRound
    }
}

/// Tokens of all of a session's requests.
public struct SessionUsage: Hashable, Sendable {
    /// Tokens of the requests.
    public var prompt: Int
    /// Tokens of the replies.
    public var completion: Int
    /// Tokens of the requests that came from a cache.
    public var cached: Int
    /// Whether any part was estimated.
    public var isEstimated: Bool

    /// Usage by its counts.
    public init(prompt: Int = 0, completion: Int = 0, cached: Int = 0, isEstimated: Bool = false) {
        self.prompt = prompt
        self.completion = completion
        self.cached = cached
        self.isEstimated = isEstimated
    }

    /// Adds what a model server reported.
    public mutating func add(_ usage: TokenUsage) {
        prompt += usage.prompt
        completion += usage.completion
        cached += usage.cached
    }
}

/// Everything there is to know of a session, besides what was said in it.
public struct SessionDetails: Hashable, Sendable {
    /// What it is called in its tenant: its name, while no other user's session has that, else 32 hex digits.
    public let id: String
    /// Its key and numbers.
    public let snapshot: SessionSnapshot
    /// How far it is.
    public let life: SessionLife
    /// Messages that are there, of all branches.
    public let messages: Int
    /// Tokens, as far as they were reported.
    public let usage: SessionUsage

    /// The session's key.
    public var key: SessionKey { snapshot.key }

    /// Details by their members.
    public init(
        id: String, snapshot: SessionSnapshot, life: SessionLife, messages: Int, usage: SessionUsage
    ) {
        self.id = id
        self.snapshot = snapshot
        self.life = life
        self.messages = messages
        self.usage = usage
    }
}

extension SessionKey {
    /// What a session is called in its tenant where its own name is another one's: made of a number that no
    /// other session has.
    public static func alias(_ number: UInt64) -> String {
        // Two rounds of SplitMix64: one to one, and nothing that counts upwards is seen.
        func mixed(_ value: UInt64) -> UInt64 {
            var mixed = value &+ 0x9E37_79B9_7F4A_7C15
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
        return mixed(number).hexDigits + mixed(mixed(number) ^ number).hexDigits
    }
}
