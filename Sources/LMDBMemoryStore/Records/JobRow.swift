internal import MemoryCore
internal import MemoryStore

/// The value of a job.
struct JobRow {
    /// The interned id of its session, 0 where it is about none; the key is looked up by it.
    var session: UInt64
    /// The job; its session is filled in by who reads it.
    var job: Job

    private static let version: UInt8 = 1

    var encoded: [UInt8] {
        var writer = RecordWriter(version: Self.version)
        writer.unsigned(session)
        writer.byte(job.kind.rawValue)
        writer.byte(job.status.rawValue)
        writer.integer(job.round)
        writer.optional(job.endedAt?.microseconds)
        writer.integer(job.attempts)
        writer.signed(job.nextAt.microseconds)
        writer.optional(job.error)
        writer.signed(job.createdAt.microseconds)
        return writer.bytes
    }

    init(session: UInt64, job: Job) {
        self.session = session
        self.job = job
    }

    /// - Parameter key: gives a session's key by its interned id.
    init(
        _ id: UInt64, _ bytes: Span<UInt8>, session key: (UInt64) throws(StoreError) -> SessionKey
    ) throws(StoreError) {
        var reader = try RecordReader(bytes, version: Self.version, "job")
        session = try reader.unsigned()
        let kind = try reader.kind(Job.Kind.self)
        let status = try reader.kind(Job.Status.self)
        let round = try reader.integer()
        let endedAt = try reader.optionalSigned().map(Timestamp.init)
        let attempts = try reader.integer()
        let nextAt = Timestamp(microseconds: try reader.signed())
        let error = try reader.optionalText()
        let createdAt = Timestamp(microseconds: try reader.signed())
        try reader.end()
        job = Job(
            id: id, kind: kind, session: session == 0 ? nil : try key(session), round: round,
            endedAt: endedAt, status: status, attempts: attempts, nextAt: nextAt, error: error,
            createdAt: createdAt)
    }
}
