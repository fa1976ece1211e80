internal import ChatWire

/// How a request relates to its session: which of its messages are new, where they stand, what may be
/// replayed.
public struct TurnResolution: Hashable, Sendable {
    /// The kinds of request.
    public enum Verdict: String, Hashable, Sendable {
        /// Only what is new: the window supplies the rest.
        case newestOnly = "newest-only"
        /// The client resends its history.
        case ownHistory = "own-history"
        /// The next step of the session's open turn.
        case sameTurn = "same-turn"
        /// The first question of the session, asked again.
        case regenerate
        /// Another first question in the place of the session's: what followed that one is left.
        case edit
    }

    /// The kind.
    public let verdict: Verdict
    /// The new messages' places in the request.
    public let new: Range<Int>
    /// Where they stand in the session: behind a stored message, in its round; nil for a new round.
    public let stand: Stand?
    /// Whether recorded rounds are put in front.
    public let replays: Bool
    /// What stood behind the newest question when it was sent before.
    public let turnBlock: String?

    /// A stored message that something follows in its own round.
    public struct Stand: Hashable, Sendable {
        /// The message.
        public let node: UInt64
        /// Its round.
        public let round: Int
    }

    private init(
        _ verdict: Verdict, new: Range<Int>, behind stand: Stand? = nil, replays: Bool,
        turnBlock: String? = nil
    ) {
        self.verdict = verdict
        self.new = new
        self.stand = stand
        self.replays = replays
        self.turnBlock = turnBlock
    }

    /// The interim rule, which full alignment replaces: a request that holds assistant messages before its
    /// last user message brings its own history, and only what follows the last of them is new; else all but
    /// the leading system messages is. A tool loop's steps belong to the session's open turn. A
    /// request without replies asks the first question again, where that is the session's only one or the
    /// client sends everything, or puts another in its place.
    ///
    /// - Parameters:
    ///   - newest: the session's newest round, nil where it has none or was not read.
    ///   - oldest: its first round, where that was read.
    ///   - isResent: whether requests of the session bring their own history.
    ///   - fence: tells our own blocks.
    public static func interim(
        _ request: RequestOutline, newest: StoredTurn?, oldest: StoredTurn?, isResent: Bool,
        fence: MemoryFence
    ) -> TurnResolution {
        let start = firstNew(request)
        let count = request.messages.count
        if let newest {
            if request.hasToolStep, let done = stepsDone(of: newest, in: request, fence) {
                return TurnResolution(
                    .sameTurn, new: done..<count, behind: newest.stand(behind: newest.messages.last),
                    replays: !request.bringsHistory, turnBlock: newest.turnBlock)
            }
            if request.mayAskAgain, let oldest, isResent || newest.round == oldest.round {
                if asksAgain(oldest, request, start, fence) {
                    let question = oldest.messages.last { $0.role == .user }
                    return TurnResolution(
                        .regenerate, new: count..<count, behind: oldest.stand(behind: question),
                        replays: false, turnBlock: oldest.turnBlock)
                }
                // Who sends everything and sends this alone has left the rest behind.
                if isResent { return TurnResolution(.edit, new: start..<count, replays: false) }
            }
        }
        return TurnResolution(
            request.bringsHistory ? .ownHistory : .newestOnly, new: start..<count,
            replays: !request.bringsHistory)
    }

    private static func firstNew(_ request: RequestOutline) -> Int {
        guard request.holdsReplies, let lastUser = request.lastUser else { return request.leading }
        let lastReply = request.messages[..<lastUser].lastIndex { $0.role == .assistant }
        return lastReply.map { $0 + 1 } ?? request.leading
    }

    /// Whether the request is nothing but the question of a round.
    private static func asksAgain(
        _ turn: StoredTurn, _ request: RequestOutline, _ start: Int, _ fence: MemoryFence
    ) -> Bool {
        let asked = turn.messages.prefix { $0.role != .assistant }
        let asks = request.messages[start...]
        return !asked.isEmpty && asked.count == asks.count && asked.last?.role == .user
            && zip(asked, asks).allSatisfy { agrees($0, $1, fence) }
    }

    /// Where the request goes beyond the open turn: it must hold all of the turn's messages from the last
    /// user message on, and more.
    private static func stepsDone(
        of turn: StoredTurn, in request: RequestOutline, _ fence: MemoryFence
    ) -> Int? {
        guard turn.isOpen, let start = request.lastUser else { return nil }
        let stored = turn.messages.drop { $0.role != .user }
        guard !stored.isEmpty, start + stored.count < request.messages.count else { return nil }
        for (offset, message) in stored.enumerated() {
            guard agrees(message, request.messages[start + offset], fence) else { return nil }
        }
        return start + stored.count
    }

    private static func agrees(
        _ stored: StoredTurn.Message, _ given: RequestOutline.Message, _ fence: MemoryFence
    ) -> Bool {
        guard stored.role == given.role, stored.callsTools == given.callsTools else { return false }
        return stored.body == given.body
            || CanonicalForm(stored.body, role: stored.role, fence: fence)
                == CanonicalForm(given.body, role: given.role, fence: fence)
    }
}

extension StoredTurn {
    /// What stood behind its newest question.
    var turnBlock: String? { messages.last { $0.role == .user }?.turnBlock }

    /// Whether its question is among others, in the form in which messages are compared.
    public func isShown(among questions: Set<CanonicalForm>, _ fence: MemoryFence) -> Bool {
        messages.contains { message in
            message.role == .user
                && questions.contains(CanonicalForm(message.body, role: .user, fence: fence))
        }
    }

    fileprivate func stand(behind message: Message?) -> TurnResolution.Stand? {
        message.map { TurnResolution.Stand(node: $0.node, round: round) }
    }
}
