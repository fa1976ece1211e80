internal import MemoryCore

/// The messages of a session in the order in which they are listed, and which of them count.
struct SessionBranch {
    /// A message in its place.
    struct Listed: Sendable {
        let stored: StoredMessage
        /// Whether it stands on the active branch.
        let isActive: Bool
    }

    private let messages: [Listed]

    /// - Parameters:
    ///   - messages: all of them, in order of their numbers.
    ///   - head: the newest one of the active branch.
    init(_ messages: [StoredMessage], head: UInt64) {
        let parents = Dictionary(messages.map { ($0.node, $0.parent) }) { first, _ in first }
        var active: Set<UInt64> = []
        var node = head
        while node != 0, active.insert(node).inserted { node = parents[node] ?? 0 }
        // What has no round stands where it was said: in front of the round that came next.
        var last = 0
        let places = messages.map { message -> (round: Int, order: Int, index: Int, node: UInt64) in
            guard let round = message.round else { return (last + 1, 0, message.index, message.node) }
            last = max(last, round)
            return (round, 1, message.index, message.node)
        }
        self.messages = zip(messages, places).sorted { $0.1 < $1.1 }.map { message, _ in
            Listed(stored: message, isActive: active.contains(message.node))
        }
    }

    /// - Parameters:
    ///   - rounds: which of them; what has no round belongs to none.
    ///   - isAll: whether other branches count too.
    func listed(rounds: ClosedRange<Int>, isAll: Bool) -> [Listed] {
        let isNarrowed = rounds != 1...Int.max
        return messages.filter { message in
            guard let round = message.stored.round else { return !isNarrowed }
            return rounds.contains(round) && (isAll || message.isActive)
        }
    }
}
