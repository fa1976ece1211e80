internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// A list of changes on its way to the disk.
struct PendingList: Sendable {
    let changes: [MemoryChange]
    let urgency: Urgency
    /// About what it takes in the store.
    let bytes: Int

    init(_ changes: [MemoryChange], _ urgency: Urgency) {
        self.changes = changes
        self.urgency = urgency
        bytes = changes.reduce(0) { $0 + $1.approximateBytes }
    }

    /// Whether it makes room, or belongs to work that does: the reserve of the map is there for it.
    var makesRoom: Bool {
        changes.contains { change in
            switch change {
            case .trim, .erase, .forgetExchanges, .forgetJobs, .step: true
            case .enqueue(let job): job.kind == .cleanUp
            default: false
            }
        }
    }

    /// Refuses names that no key has room for, before anything is queued.
    func checkNames() throws(StoreError) {
        for change in changes {
            for name in change.names where name.utf8.count > KeyLayout.maximumNameBytes {
                throw StoreError(.tooLarge, "A name is longer than \(KeyLayout.maximumNameBytes) bytes.")
            }
            if case .keep(let entry) = change { try entry.check() }
        }
    }
}

extension MemoryChange {
    /// The bytes of its texts, and a frame for each.
    fileprivate var approximateBytes: Int {
        switch self {
        case .journal(let turn): 256 + Self.bytes(of: turn.messages)
        case .record(let turn):
            768 + Self.bytes(of: turn.messages) + Self.bytes(of: turn.replies) + turn.exchange.path.utf8.count
                + (turn.context?.standing.text.utf8.count ?? 0)
                + (turn.exchange.failure?.utf8.count ?? 0) + turn.exchange.injected.window.count * 2
        case .amend(let reply): 256 + Self.bytes(of: reply.replies)
        case .summarise(let summary): 256 + summary.text.utf8.count
        case .keep(let entry): 256 + (entry.value?.count ?? 0)
        case .end, .mark, .enqueue, .step: 512
        // They make room; what they write is small.
        case .trim, .erase, .forgetExchanges, .forgetJobs: 512
        }
    }

    private static func bytes(of messages: [NewMessage]) -> Int {
        messages.reduce(0) { $0 + 160 + $1.body.readableBytes + ($1.reasoning?.utf8.count ?? 0) }
    }
}
