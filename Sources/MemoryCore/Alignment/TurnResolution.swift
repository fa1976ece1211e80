internal import ChatWire
internal import NIOCore

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
    }

    /// The kind.
    public let verdict: Verdict
    /// The new messages' places in the request.
    public let new: Range<Int>
    /// Where they stand in the session: behind the newest stored message of the open turn, or as a new round.
    public let openTurn: OpenTurn?
    /// Whether recorded rounds are put in front.
    public let replays: Bool

    /// The open turn that a request goes on with.
    public struct OpenTurn: Hashable, Sendable {
        /// Its last recorded message.
        public let node: UInt64
        /// Its round.
        public let round: Int
    }

    /// The interim rule, which full alignment replaces: a request that holds assistant messages before its
    /// last user message brings its own history, and only what follows the last of them is new; else all but
    /// the leading system messages is. A tool loop's steps belong to the session's open turn.
    ///
    /// - Parameter newest: the session's newest round; needed only where the outline `hasToolStep`.
    public static func interim(_ request: RequestOutline, newest: StoredTurn?) -> TurnResolution {
        let start = firstNew(request)
        if request.hasToolStep, let newest, let done = stepsDone(of: newest, in: request) {
            return TurnResolution(
                verdict: .sameTurn, new: done..<request.messages.count,
                openTurn: OpenTurn(node: newest.messages.last?.node ?? 0, round: newest.round),
                replays: !request.bringsHistory)
        }
        return TurnResolution(
            verdict: request.bringsHistory ? .ownHistory : .newestOnly, new: start..<request.messages.count,
            openTurn: nil, replays: !request.bringsHistory)
    }

    private static func firstNew(_ request: RequestOutline) -> Int {
        guard request.bringsHistory, let lastUser = request.lastUser else { return request.leading }
        let lastReply = request.messages[..<lastUser].lastIndex { $0.role == .assistant }
        return lastReply.map { $0 + 1 } ?? request.leading
    }

    /// Where the request goes beyond the open turn: it must hold all of the turn's messages from the last
    /// user message on, and more.
    private static func stepsDone(of turn: StoredTurn, in request: RequestOutline) -> Int? {
        guard turn.isOpen, let start = request.lastUser else { return nil }
        let stored = turn.messages.drop { $0.role != .user }
        guard !stored.isEmpty, start + stored.count < request.messages.count else { return nil }
        for (offset, message) in stored.enumerated() {
            guard agrees(message, request.messages[start + offset]) else { return nil }
        }
        return start + stored.count
    }

    /// Tool calls agree by their ids, everything else by its text.
    private static func agrees(_ stored: StoredTurn.Message, _ given: RequestOutline.Message) -> Bool {
        guard stored.role == given.role, stored.callsTools == given.callsTools else { return false }
        if stored.body == given.body { return true }
        if stored.callsTools {
            return MessageText.toolCallIDs(of: stored.body) == MessageText.toolCallIDs(of: given.body)
        }
        return MessageText.bytes(of: stored.body) == MessageText.bytes(of: given.body)
    }
}
