internal import ChatWire
public import NIOCore

/// The recorded rounds that go in front of what the client sends: whole turns, offered newest first, handed
/// out oldest first.
///
/// It either slides, as bounds of rounds or messages have it, or grows from its first round on until it no
/// longer fits: then a step cuts it, and the model server finds its cached prompt again until the next one.
public struct ReplayWindow: Hashable, Sendable {
    private struct Turn: Hashable {
        var turn: StoredTurn
        var tokens: Int
    }

    private let bounds: WindowBounds
    private let firstRound: Int
    private let form: ReplayForm
    private var newestFirst: [Turn] = []
    private var messageCount = 0
    /// Estimated tokens that it may hold.
    public private(set) var limit: Int
    /// Estimated tokens of what is in it.
    public private(set) var tokens = 0
    /// Whether an older round of those that belong in it did not fit.
    public private(set) var isFull = false
    private var hasStepped = false

    /// An empty window.
    ///
    /// - Parameters:
    ///   - limit: estimated tokens that the budget leaves.
    ///   - firstRound: where the last step left its beginning; of no account where it slides.
    public init(_ bounds: WindowBounds, limit: Int, firstRound: Int = 1, form: ReplayForm) {
        self.bounds = bounds
        self.limit = bounds.tokens > 0 ? min(limit, bounds.tokens) : limit
        self.firstRound = firstRound
        self.form = form
    }

    /// Offers the next older round.
    ///
    /// - Returns: whether a still older one may be offered.
    public mutating func offer(_ turn: StoredTurn) -> Bool {
        guard bounds != .none, bounds.slides || turn.round >= firstRound else { return false }
        guard Self.isReplayed(turn) else { return true }
        let turn = form.replayed(turn)
        var cost = 0
        for message in turn.messages { cost += message.tokens }
        let isTooMany =
            bounds.rounds > 0 && newestFirst.count >= bounds.rounds
            || bounds.messages > 0 && messageCount + turn.messages.count > bounds.messages
        if isTooMany { return false }
        guard tokens + cost <= limit else {
            isFull = true
            return false
        }
        tokens += cost
        messageCount += turn.messages.count
        newestFirst.append(Turn(turn: turn, tokens: cost))
        return true
    }

    /// Whether it has to be cut before it is used.
    public var needsStep: Bool { isFull && !bounds.slides }

    /// Cuts it to the newest rounds of as many tokens as a step keeps; the newest round stays.
    public mutating func step() {
        guard !bounds.slides else { return }
        hasStepped = true
        cut(to: bounds.keepTokens > 0 ? min(bounds.keepTokens, limit) : tokens / 2)
    }

    /// Cuts it to what fits a smaller limit.
    public mutating func fit(_ smaller: Int) {
        limit = min(limit, smaller)
        while tokens > limit, let oldest = newestFirst.popLast() { tokens -= oldest.tokens }
    }

    private mutating func cut(to keep: Int) {
        while tokens > keep, newestFirst.count > 1, let oldest = newestFirst.popLast() {
            tokens -= oldest.tokens
        }
    }

    /// Where it begins from now on: its oldest round, or behind everything where it holds none.
    public func firstRound(newest: Int) -> Int {
        guard !bounds.slides, hasStepped || isFull else { return firstRound }
        return newestFirst.last?.turn.round ?? newest + 1
    }

    /// The messages, oldest first.
    public var messages: [ByteBuffer] {
        var messages: [ByteBuffer] = []
        messages.reserveCapacity(messageCount)
        for place in newestFirst.indices.reversed() {
            for message in newestFirst[place].turn.messages { messages.append(message.body) }
        }
        return messages
    }

    /// Notes that stand behind its questions.
    public var notes: [String] { newestFirst.compactMap(\.turn.turnBlock) }

    /// Its rounds, oldest first.
    public var rounds: [Int] { newestFirst.reversed().map(\.turn.round) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { newestFirst.isEmpty }

    /// Why it holds this much and no more, in words.
    public var reason: String {
        if newestFirst.isEmpty { return isFull ? "no round fits the budget" : "nothing recorded to replay" }
        if hasStepped { return "cut by a step" }
        if isFull { return "as many rounds as \(limit) tokens take" }
        if bounds.slides { return "as many rounds as recent-window has" }
        return firstRound > 1 ? "all rounds since the last step" : "all rounds"
    }

    /// A round begins with a user message; one whose reply is not whole is kept, not replayed.
    private static func isReplayed(_ turn: StoredTurn) -> Bool {
        turn.messages.first?.role == .user
            && turn.messages.allSatisfy { $0.status != .incomplete && $0.status != .failed }
    }
}

/// How recorded rounds are sent again.
public struct ReplayForm: Hashable, Sendable {
    private let keepsToolTraffic: Bool
    private let model: String
    private let fence: MemoryFence

    /// - Parameters:
    ///   - keepsToolTraffic: whether tool calls and results are replayed as such, for the model that made
    ///     them; else as a line of text.
    ///   - model: the one that is asked.
    ///   - fence: around notes that stood behind a question.
    public init(keepsToolTraffic: Bool, model: String = "", fence: MemoryFence) {
        self.keepsToolTraffic = keepsToolTraffic
        self.model = model.lowercased()
        self.fence = fence
    }

    /// The round as it is sent again; the same where nothing of it changes.
    func replayed(_ turn: StoredTurn) -> StoredTurn {
        var hasTraffic = false
        var hasNotes = false
        for message in turn.messages {
            hasTraffic = hasTraffic || message.isToolTraffic
            hasNotes = hasNotes || message.turnBlock != nil
        }
        guard hasTraffic || hasNotes else { return turn }
        let turn = hasNotes ? withNotes(turn) : turn
        let isTold = hasTraffic && (!keepsToolTraffic || turn.isOpen || !isMade(turn))
        return isTold ? StoredTurn(round: turn.round, messages: ToolTraffic.told(turn)) : turn
    }

    /// Whether the model that is asked made a round's tool calls. Servers name models more exactly than
    /// clients do: `gpt-4o` answers as `gpt-4o-2024-08-06`.
    private func isMade(_ turn: StoredTurn) -> Bool {
        turn.messages.allSatisfy { message in
            guard let maker = message.model?.lowercased(), !model.isEmpty else { return true }
            return maker.hasPrefix(model) || model.hasPrefix(maker)
        }
    }

    /// What stood behind a question stands there again.
    private func withNotes(_ turn: StoredTurn) -> StoredTurn {
        let messages = turn.messages.map { message in
            guard let block = message.turnBlock,
                let body = LocatedMessage.putting(fence.around(block), .behind, of: message.body)
            else { return message }
            return StoredTurn.Message(
                node: message.node, index: message.index, role: message.role, status: message.status,
                callsTools: message.callsTools, tokens: TokenEstimate.tokens(of: body), body: body,
                speaker: message.speaker, turnBlock: block)
        }
        return StoredTurn(round: turn.round, messages: messages)
    }
}

extension StoredTurn.Message {
    /// Whether it calls tools, or is what came of that.
    var isToolTraffic: Bool { callsTools || role == .tool || role == .function }
}
