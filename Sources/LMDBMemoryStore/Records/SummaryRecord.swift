internal import MemoryCore
internal import MemoryStore

/// The value of a summary; session and number stand in its key.
enum SummaryRecord {
    private static let version: UInt8 = 2

    static func encode(_ summary: SessionSummary) throws(StoreError) -> [UInt8] {
        var writer = RecordWriter(version: version, expecting: 96 + summary.text.utf8.count)
        writer.optional(summary.parent.map(Int64.init))
        writer.byte(summary.purpose.rawValue)
        writer.integer(summary.rounds.lowerBound)
        writer.integer(summary.rounds.upperBound)
        writer.unsigned(summary.anchor)
        writer.signed(summary.createdAt.microseconds)
        writer.optional(summary.model)
        writer.text(summary.text)
        writer.byte(summary.source.rawValue)
        writer.byte(summary.isStanding ? 1 : 0)
        guard writer.bytes.count <= MessageRecord.maximumBytes else {
            throw StoreError(.tooLarge, "A summary is too long to be kept.")
        }
        return writer.bytes
    }

    static func decode(
        _ session: SessionKey, number: Int, _ bytes: Span<UInt8>
    ) throws(StoreError) -> SessionSummary {
        var reader = try RecordReader(bytes, version: version, "summary")
        let parent = try reader.optionalSigned().map { Int($0) }
        let purpose = try reader.kind(SessionSummary.Purpose.self)
        let first = try reader.integer()
        let last = try reader.integer()
        guard first <= last else { throw reader.broken("its rounds end before they begin") }
        let anchor = try reader.unsigned()
        let createdAt = Timestamp(microseconds: try reader.signed())
        let model = try reader.optionalText()
        var summary = SessionSummary(
            session: session, number: number, parent: parent, purpose: purpose, rounds: first...last,
            anchor: anchor, text: try reader.text(), model: model, createdAt: createdAt)
        summary.source = try reader.kind(SessionSummary.Source.self)
        summary.isStanding = try reader.flag()
        try reader.end()
        return summary
    }
}
