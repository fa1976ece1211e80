internal import SystemCalls

/// Which of curl's sockets are registered with the engine's epoll queue, and for what.
///
/// A socket that curl stops watching stays registered until its first unwanted event: pooled connections come
/// back soon, and leaving them saves two system calls a request.
struct SocketTable {
    /// A change to make to the epoll queue.
    enum Change: Equatable {
        case none
        case add(EpollQueue.Interest)
        case modify(EpollQueue.Interest)
        case remove
    }

    private struct Entry {
        var registered: EpollQueue.Interest = []
        var wanted: EpollQueue.Interest = []
    }

    private var entries: [Entry] = []

    /// Curl wants to watch a socket for this, nothing meaning not at all.
    mutating func want(_ interest: EpollQueue.Interest, of socket: Int32) -> Change {
        let index = Int(socket)
        while entries.count <= index { entries.append(Entry()) }
        entries[index].wanted = interest
        let registered = entries[index].registered
        guard !interest.isSubset(of: registered) else { return .none }
        entries[index].registered = interest
        return registered.isEmpty ? .add(interest) : .modify(interest)
    }

    /// An event came: what curl wants to hear of it, and what to change first.
    mutating func event(_ ready: EpollQueue.Interest, on socket: Int32) -> (
        report: EpollQueue.Interest, Change
    ) {
        let index = Int(socket)
        guard index < entries.count else { return ([], .remove) }
        let entry = entries[index]
        if entry.wanted.isEmpty {
            entries[index].registered = []
            return ([], .remove)
        }
        let report = ready.intersection(entry.wanted.union(.broken))
        guard !ready.subtracting(.broken).isSubset(of: entry.wanted) else { return (report, .none) }
        entries[index].registered = entry.wanted
        return (report, .modify(entry.wanted))
    }

    /// The socket is being closed; its number may come back for another one.
    mutating func closed(_ socket: Int32) {
        guard Int(socket) < entries.count else { return }
        entries[Int(socket)] = Entry()
    }
}
