internal import MemoryStore

/// Decides when what is queued becomes a batch. A pure value: time comes in, decisions come out, a thread
/// performs them.
///
/// What somebody waits for is committed at once, together with all that is queued before it; while one batch
/// is being committed the next one gathers, which is what groups commits. What nobody waits for lingers for a
/// while, to share somebody's commit.
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
    mutating func add(_ item: Item, bytes: Int, isAwaited: Bool, at now: Int64) throws(StoreError) {
        guard !isClosed else { throw StoreError(.closed, "The store is closed.") }
        guard bytes <= limits.listBytes else {
            throw StoreError(.tooLarge, "A change of \(bytes) bytes is larger than the store takes.")
        }
        guard queue.count < limits.queuedLists, queuedBytes + bytes <= limits.queuedBytes else {
            throw StoreError(.overloaded, "The store has not kept up: its queue is full.")
        }
        queue.append(Queued(item: item, bytes: bytes, due: isAwaited ? now : now + limits.lingerNanoseconds))
        queuedBytes += bytes
    }

    /// Takes nothing more; what is queued is still handed out.
    mutating func close() {
        isClosed = true
    }

    /// The next step at a moment.
    mutating func next(at now: Int64) -> Step {
        guard let due = queue.lazy.map(\.due).min() else { return isClosed ? .finished : .sleep(until: nil) }
        let isWorthwhile = queue.count >= limits.batchLists || queuedBytes >= limits.batchBytes
        guard isClosed || isWorthwhile || due <= now else { return .sleep(until: due) }
        return .commit(takeBatch())
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
