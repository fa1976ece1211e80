internal import ChatWire
internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// What was decided for an exchange before it is forwarded.
struct ExchangePlan {
    /// Where the request was cut: the session it belongs to, and how that was found.
    struct Session {
        var key: SessionKey
        var resolution: String
        /// Whether it may be in the store already.
        var isKnown: Bool
        /// Whether it is the one that its owner is in.
        var isCurrent = false
    }

    /// What was put into the request.
    struct Injection {
        /// The body without it.
        var plainBody: ByteBuffer
        /// Where the standing block stands, nil for none.
        var placement: Placement?
    }

    var session: Session?
    var recording = RelayMachine.Recording.none
    var status = MemoryStatus.ok
    /// How the request relates to its session.
    var verdict = ""
    var place = TurnPlace.newRound
    /// Whether the session counts this request among those under way.
    var isRunning = false
    /// Whether there was one under way when this one came.
    var joinsRunning = false
    /// Whether the request brings its own history.
    var bringsHistory = false
    var messages: [NewMessage] = []
    var fingerprints: [RequestFingerprint] = []
    var injected = InjectionRecord()
    /// Plugins that failed.
    var leftOut: [String] = []
    /// Set while the request that is under way holds something of ours.
    var injection: Injection?
    var context: SessionContext?
    /// Around what is said of the session's owner; nil where nothing was read.
    var fence: MemoryFence?
    var members: RequestMembers?
    /// Estimated tokens of the request as it goes up; nil where nobody counted.
    var estimatedTokens: Int?
    /// The text of the newest user message, where a plugin wants it.
    var question = ""
    var isForwarded = false
}
