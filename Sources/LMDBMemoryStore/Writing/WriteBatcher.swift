internal import MemoryStore

/// Decides when what is queued becomes a batch. A pure value: time comes in, decisions come out, a thread
/// performs them.
///
/// What somebody waits for is committed at once, together with all that is queued before it; while one batch
/// is being committed the next one gathers, which is what groups commits. What nobody waits for lingers for a
/// while, to share somebody's commit; and so that it seldom has to wake the thread, the thread looks again by
/// itself once that while has passed since its last batch.
struct WriteBatcher<Item: Sendable>: Sendable {
    private struct Queued: Sendable {
        var item: Item
        var bytes: Int
        /// When it is committed even if nobody waits, in monotonic nanoseconds.
        var due: Int64
    }

    private let limits: WriteLimits
    private var queue: [Queued] = []
    private var queuedBytes = 0
    private var isClosed = false
    /// Until when the thread sleeps unless it is woken, and the first moment at which it may sleep for long.
    private var sleepsUntil = Int64.min
    private var restsFrom = Int64.min

    init(_ limits: WriteLimits) {
        self.limits = limits
    }

    /// What the thread does next.
    enum Step: Sendable {
        /// Commit these, in this order.
        case commit([Item])
        /// Nothing to do until something is added, or until this moment.
        case sleep(until: Int64?)
        /// Closed, and everything was handed out.
        case finished
    }

    /// Queues an item behind the others.
    ///
    /// - Returns: whether the thread has to be woken for it.
    mutating func add(_ item: Item, bytes: Int, isAwaited: Bool, at now: Int64) throws(StoreError) -> Bool {
        guard !isClosed else { throw StoreError(.closed, "The store is closed.") }
        guard bytes <= limits.listBytes else {
            throw StoreError(.tooLarge, "A change of \(bytes) bytes is larger than the store takes.")
        }
        guard queue.count < limits.queuedLists, queuedBytes + bytes <= limits.queuedBytes else {
            throw StoreError(.overloaded, "The store has not kept up: its queue is full.")
        }
        let due = isAwaited ? now : now + limits.lingerNanoseconds
        queue.append(Queued(item: item, bytes: bytes, due: due))
        queuedBytes += bytes
        return due < sleepsUntil || isWorthwhile
    }

    /// Whether more would not fit into the batch.
    private var isWorthwhile: Bool { queue.count >= limits.batchLists || queuedBytes >= limits.batchBytes }

    /// Takes nothing more; what is queued is still handed out.
    mutating func close() {
        isClosed = true
    }

    /// The next step at a moment.
    mutating func next(at now: Int64) -> Step {
        let due = queue.lazy.map(\.due).min()
        if let due, isClosed || isWorthwhile || due <= now {
            sleepsUntil = .min
            restsFrom = now + limits.lingerNanoseconds
            return .commit(takeBatch())
        }
        if isClosed { return .finished }
        let moment = due ?? (now < restsFrom ? restsFrom : nil)
        sleepsUntil = moment ?? .max
        return .sleep(until: moment)
    }

    private mutating func takeBatch() -> [Item] {
        var count = 0
        var bytes = 0
        // The first goes whatever its size.
        while count < min(queue.count, limits.batchLists),
            count == 0 || bytes + queue[count].bytes <= limits.batchBytes
        {
            bytes += queue[count].bytes
            count += 1
        }
        let batch = queue[..<count].map(\.item)
        queue.removeFirst(count)
        queuedBytes -= bytes
        return batch
    }
}

/// The bounds of the queue and of a batch.
struct WriteLimits: Sendable {
    /// Lists of changes that may wait.
    var queuedLists = 16_384
    /// Their bytes.
    var queuedBytes = 256 << 20
    /// Bytes of one list.
    var listBytes = 96 << 20
    /// Lists of one batch.
    var batchLists = 1024
    /// Their bytes: a transaction has room for about 500 MB of changed pages.
    var batchBytes = 32 << 20
    /// How long a change that nobody waits for may wait for others.
    var lingerNanoseconds: Int64 = 20_000_000
}
