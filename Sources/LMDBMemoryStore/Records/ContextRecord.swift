internal import MemoryCore
internal import MemoryStore

/// The value of a session's context.
enum ContextRecord {
    private static let version: UInt8 = 1

    static func encode(_ context: SessionContext) throws(StoreError) -> [UInt8] {
        var writer = RecordWriter(version: version, expecting: 32 + context.standing.text.utf8.count)
        writer.integer(context.firstRound)
        writer.fixed(context.settings)
        writer.integer(context.standing.items)
        writer.text(context.standing.text)
        guard writer.bytes.count <= MessageRecord.maximumBytes else {
            throw StoreError(.tooLarge, "A session's standing block is too long to be kept.")
        }
        return writer.bytes
    }

    static func decode(_ bytes: Span<UInt8>) throws(StoreError) -> SessionContext {
        var reader = try RecordReader(bytes, version: version, "session's context")
        let firstRound = try reader.integer()
        let settings = try reader.fixed()
        let items = try reader.integer()
        let context = SessionContext(
            standing: StandingText(try reader.text(), items: items), firstRound: firstRound,
            settings: settings)
        try reader.end()
        return context
    }
}
