internal import ChatWire
public import NIOCore

/// The recorded rounds that go in front of a newest-only request: whole turns, newest first until they fill
/// the bound, handed out oldest first.
public struct ReplayWindow: Hashable, Sendable {
    /// The bound of this version, in estimated tokens; budgets replace it.
    public static let defaultTokens = 4000

    private let bound: Int
    private let keepsToolTraffic: Bool
    private var turns: [[ByteBuffer]] = []
    private var rounds: [Int] = []
    /// Estimated tokens of what is in it.
    public private(set) var tokens = 0
    /// Whether an older round did not fit.
    public private(set) var isFull = false

    /// An empty window.
    ///
    /// - Parameters:
    ///   - bound: estimated tokens it may hold.
    ///   - keepsToolTraffic: whether tool calls and results are replayed as such; else as a line of text.
    public init(bound: Int = defaultTokens, keepsToolTraffic: Bool) {
        self.bound = bound
        self.keepsToolTraffic = keepsToolTraffic
    }

    /// Offers the next older round.
    ///
    /// - Returns: whether a still older one may be offered.
    public mutating func offer(_ turn: StoredTurn) -> Bool {
        guard Self.isReplayed(turn) else { return true }
        let messages = keepsToolTraffic && !turn.isOpen ? Self.asStored(turn) : ToolTraffic.told(turn)
        let cost = messages.reduce(0) { $0 + $1.tokens }
        guard tokens + cost <= bound else {
            isFull = true
            return false
        }
        tokens += cost
        turns.append(messages.map(\.body))
        rounds.append(turn.round)
        return true
    }

    /// The messages, oldest first.
    public var messages: [ByteBuffer] { turns.reversed().flatMap(\.self) }

    /// What is recorded of it.
    public var record: InjectionRecord {
        let reason =
            rounds.isEmpty
            ? "nothing recorded to replay" : isFull ? "window bound of \(bound) tokens" : "all rounds"
        return InjectionRecord(window: rounds.reversed(), tokens: tokens, reason: reason)
    }

    /// A round begins with a user message; one whose reply is not whole is kept, not replayed.
    private static func isReplayed(_ turn: StoredTurn) -> Bool {
        turn.messages.first?.role == .user
            && turn.messages.allSatisfy { $0.status != .incomplete && $0.status != .failed }
    }

    private static func asStored(_ turn: StoredTurn) -> [ReplayedMessage] {
        turn.messages.map { ReplayedMessage(body: $0.body, tokens: $0.tokens) }
    }
}

/// A message as it is replayed.
struct ReplayedMessage {
    var body: ByteBuffer
    var tokens: Int
}
