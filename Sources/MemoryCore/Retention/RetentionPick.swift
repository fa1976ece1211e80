/// Chooses which messages of a session go: whole rounds, the oldest first, and questions without a round
/// between them. It is shown every message, in order of their numbers, and keeps in mind only what it chose.
public struct RetentionPick: Sendable {
    /// How much goes.
    public enum Bound: Hashable, Sendable {
        /// Rounds whose messages are all older than that.
        case olderThan(Timestamp)
        /// At least so many messages, but never the round of that number.
        case count(Int, keepingRound: Int)
    }

    /// A round, or a question without one.
    private struct Unit {
        var round: Int?
        var places: [MessagePlace]
        /// A reply that was made anew is younger than its round.
        var isKept = false
    }

    private let bound: Bound
    private let most: Int
    private var units: [Unit] = []
    private var unitOfRound: [Int: Int] = [:]
    /// Nodes of the units, and those of them that a message follows.
    private var nodes: Set<UInt64> = []
    private var followed: Set<UInt64> = []
    private var isFull = false

    /// - Parameter most: about how many messages it chooses at a time.
    public init(_ bound: Bound, most: Int) {
        self.bound = bound
        self.most = most
    }

    /// Shows it the next message.
    public mutating func visit(_ place: MessagePlace) {
        if nodes.contains(place.parent) { followed.insert(place.parent) }
        if let round = place.round, let unit = unitOfRound[round] {
            if !goes(place) { units[unit].isKept = true }
            add(place, to: unit)
            return
        }
        if nodes.count >= most { isFull = true }
        if case .count(let count, _) = bound, nodes.count >= count { isFull = true }
        guard !isFull, goes(place) else { return }
        if let round = place.round { unitOfRound[round] = units.count }
        units.append(Unit(round: place.round, places: []))
        add(place, to: units.count - 1)
    }

    private mutating func add(_ place: MessagePlace, to unit: Int) {
        units[unit].places.append(place)
        nodes.insert(place.node)
    }

    private func goes(_ place: MessagePlace) -> Bool {
        switch bound {
        case .olderThan(let moment): place.createdAt < moment
        case .count(_, let kept): place.round != kept
        }
    }

    /// Whether nothing was chosen of what it was shown, and nothing can be of what comes behind it.
    public var isIdle: Bool { units.isEmpty }

    /// Whether there may be more to choose than it has.
    public var isCutShort: Bool { nodes.count >= most }

    /// The numbers of the messages that go.
    public var chosen: [UInt64] {
        units.filter { !$0.isKept }.flatMap { $0.places.map(\.node) }
    }

    /// The rounds that go, and of each the messages that the session went on from, in order: of several
    /// replies to one question the one that was followed, else the last.
    public var rounds: [(round: Int, nodes: [UInt64])] {
        units.filter { !$0.isKept }.compactMap { unit in
            guard let round = unit.round else { return nil }
            let byIndex = Dictionary(grouping: unit.places, by: \.index)
            let path = byIndex.keys.sorted().compactMap { index in
                let siblings = byIndex[index] ?? []
                return (siblings.last { followed.contains($0.node) } ?? siblings.last)?.node
            }
            return (round, path)
        }
    }
}
