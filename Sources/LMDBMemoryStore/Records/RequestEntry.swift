internal import MemoryCore
internal import MemoryStore

/// The value of a request by which its announced retries are known: where it stands.
struct RequestEntry {
    /// When it was recorded, or journalled where the process ended before that.
    var at: Timestamp
    /// The interned id of its session.
    var session: UInt64
    /// The exchange; without a row where the process ended before it was recorded.
    var exchange: ExchangeID
    /// The last of its new messages, and how many they are; numbered one behind the other.
    var lastNode: UInt64
    var count: Int
    /// Whether it announced itself as a further try.
    var isRetry: Bool

    private static let version: UInt8 = 1

    var encoded: [UInt8] {
        var writer = RecordWriter(version: Self.version)
        writer.signed(at.microseconds)
        writer.unsigned(session)
        writer.fixed(exchange.high)
        writer.fixed(exchange.low)
        writer.unsigned(lastNode)
        writer.integer(count)
        writer.byte(isRetry ? 1 : 0)
        return writer.bytes
    }

    init(at: Timestamp, session: UInt64, exchange: ExchangeID, lastNode: UInt64, count: Int) {
        self.at = at
        self.session = session
        self.exchange = exchange
        self.lastNode = lastNode
        self.count = count
        isRetry = false
    }

    init(_ bytes: Span<UInt8>) throws(StoreError) {
        var reader = try RecordReader(bytes, version: Self.version, "request")
        at = Timestamp(microseconds: try reader.signed())
        session = try reader.unsigned()
        exchange = ExchangeID(high: try reader.fixed(), low: try reader.fixed())
        lastNode = try reader.unsigned()
        count = try reader.integer()
        isRetry = try reader.flag()
        try reader.end()
    }
}

extension RequestFingerprint.Kind {
    /// The span of time that a moment lies in, as long as requests of the kind are remembered: what is
    /// remembered lies in a moment's own span or in the one before.
    func span(of moment: Timestamp) -> UInt32 {
        UInt32(clamping: moment.microseconds / (seconds * 1_000_000))
    }
}
