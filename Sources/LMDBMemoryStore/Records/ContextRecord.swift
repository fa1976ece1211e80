internal import MemoryCore
internal import MemoryStore

/// The value of a session's context.
enum ContextRecord {
    private static let version: UInt8 = 2

    static func encode(_ context: SessionContext) throws(StoreError) -> [UInt8] {
        var writer = RecordWriter(version: version, expecting: 32 + context.standing.text.utf8.count)
        writer.integer(context.firstRound)
        writer.fixed(context.settings)
        writer.optional(context.madeBy)
        writer.unsigned(UInt64(context.standing.parts.count))
        for part in context.standing.parts {
            writer.text(part.plugin)
            writer.text(part.text)
            writer.integer(part.items)
            writer.places(part.summaries)
            writer.byte(part.isDigest ? 1 : 0)
        }
        guard writer.bytes.count <= MessageRecord.maximumBytes else {
            throw StoreError(.tooLarge, "A session's standing block is too long to be kept.")
        }
        return writer.bytes
    }

    static func decode(_ bytes: Span<UInt8>) throws(StoreError) -> SessionContext {
        var reader = try RecordReader(bytes, version: version, "session's context")
        let firstRound = try reader.integer()
        let settings = try reader.fixed()
        let madeBy = try reader.optionalExchange()
        var parts: [StandingText.Part] = []
        for _ in 0..<(try reader.count()) {
            var part = StandingText.Part(
                plugin: try reader.text(), text: try reader.text(), items: try reader.integer(),
                summaries: try reader.places())
            part.isDigest = try reader.flag()
            parts.append(part)
        }
        try reader.end()
        return SessionContext(
            standing: StandingText(parts), firstRound: firstRound, settings: settings, madeBy: madeBy)
    }
}

extension RecordWriter {
    mutating func optional(_ exchange: ExchangeID?) {
        byte(exchange == nil ? 0 : 1)
        guard let exchange else { return }
        fixed(exchange.high)
        fixed(exchange.low)
    }

    mutating func places(_ summaries: [SummaryPlace]) {
        unsigned(UInt64(summaries.count))
        for summary in summaries {
            text(summary.session)
            integer(summary.number)
        }
    }
}

extension RecordReader {
    @_lifetime(self: copy self)
    mutating func optionalExchange() throws(StoreError) -> ExchangeID? {
        try flag() ? ExchangeID(high: try fixed(), low: try fixed()) : nil
    }

    @_lifetime(self: copy self)
    mutating func places() throws(StoreError) -> [SummaryPlace] {
        var places: [SummaryPlace] = []
        for _ in 0..<(try count()) {
            places.append(SummaryPlace(session: try text(), number: try integer()))
        }
        return places
    }
}
