internal import MemoryCore
internal import MemoryStore

/// Facts about the store itself.
enum Meta {
    /// The next id for a name: eight bytes.
    private static let nextID: StaticString = "next-id"
    /// The next number for a job: eight bytes.
    private static let nextJob: StaticString = "next-job"
    /// The schema's version: eight bytes.
    private static let schema: StaticString = "schema"
    /// When the store was made, microseconds since 1970: eight bytes.
    private static let created: StaticString = "created"

    /// How many sessions have each status.
    private static let sessionTally: StaticString = "sessions-by-status"
    /// How many jobs of each kind have each status.
    private static let jobTally: StaticString = "jobs-by-kind"

    /// Takes an id that was never taken before, from 1.
    static func takeID(in transaction: inout WriteTransaction, _ table: Table) throws(StoreError) -> UInt64 {
        try take(nextID, in: &transaction, table)
    }

    /// Takes a job's number that was never taken before, from 1.
    static func takeJobID(in transaction: inout WriteTransaction, _ table: Table) throws(StoreError)
        -> UInt64
    {
        try take(nextJob, in: &transaction, table)
    }

    private static func take(
        _ counter: StaticString, in transaction: inout WriteTransaction, _ table: Table
    ) throws(StoreError) -> UInt64 {
        let id = try number(counter, in: transaction, table) ?? 1
        guard id < UInt64.max else { throw StoreError(.damaged, "The store has run out of numbers.") }
        try set(counter, to: id + 1, in: &transaction, table)
        return id
    }

    /// The version of the schema, nil in a store that was just made.
    static func schemaVersion(
        in transaction: borrowing some TableReading & ~Copyable, _ table: Table
    ) throws(StoreError) -> UInt64? {
        try number(schema, in: transaction, table)
    }

    /// Writes down the version of the schema.
    static func setSchemaVersion(
        _ version: UInt64, in transaction: inout WriteTransaction, _ table: Table
    ) throws(StoreError) {
        try set(schema, to: version, in: &transaction, table)
    }

    /// Writes down when the store was made.
    static func setCreated(
        _ microseconds: Int64, in transaction: inout WriteTransaction, _ table: Table
    ) throws(StoreError) {
        try set(created, to: UInt64(bitPattern: microseconds), in: &transaction, table)
    }

    // MARK: - Tallies

    /// Sessions by their status.
    static func sessions(
        in transaction: borrowing some TableReading & ~Copyable, _ table: Table
    ) throws(StoreError) -> [SessionStatus: Int] {
        let tally = try tally(sessionTally, SessionStatus.allCases.count, in: transaction, table)
        return Dictionary(
            uniqueKeysWithValues: SessionStatus.allCases.map { ($0, tally[Int($0.rawValue)]) })
    }

    /// Jobs by their kind and status.
    static func jobs(
        in transaction: borrowing some TableReading & ~Copyable, _ table: Table
    ) throws(StoreError) -> [JobTally: Int] {
        let tally = try tally(jobTally, JobTally.allCases.count, in: transaction, table)
        return Dictionary(uniqueKeysWithValues: zip(JobTally.allCases, tally))
    }

    /// A session has another status, is new or gone.
    static func count(
        sessionsFrom old: SessionStatus?, to new: SessionStatus?, in transaction: inout WriteTransaction,
        _ table: Table
    ) throws(StoreError) {
        try move(
            sessionTally, SessionStatus.allCases.count, from: old.map { Int($0.rawValue) },
            to: new.map { Int($0.rawValue) }, in: &transaction, table)
    }

    /// A job has another status, is new or gone.
    static func count(
        jobsFrom old: Job?, to new: Job?, in transaction: inout WriteTransaction, _ table: Table
    ) throws(StoreError) {
        func place(_ job: Job?) -> Int? {
            job.flatMap { job in JobTally.allCases.firstIndex(of: JobTally(job.kind, job.status)) }
        }
        try move(
            jobTally, JobTally.allCases.count, from: place(old), to: place(new), in: &transaction, table)
    }

    private static func move(
        _ fact: StaticString, _ count: Int, from old: Int?, to new: Int?,
        in transaction: inout WriteTransaction, _ table: Table
    ) throws(StoreError) {
        guard old != new else { return }
        var tally = try tally(fact, count, in: transaction, table)
        if let old { tally[old] = max(0, tally[old] - 1) }
        if let new { tally[new] += 1 }
        var writer = RecordWriter(version: 1)
        for number in tally { writer.integer(number) }
        let (key, value) = (Array("\(fact)".utf8), writer.bytes)
        do throws(LMDBError) {
            try transaction.put(value.span, for: key.span, in: table)
        } catch {
            throw error.storeError
        }
    }

    private static func tally(
        _ fact: StaticString, _ count: Int, in transaction: borrowing some TableReading & ~Copyable,
        _ table: Table
    ) throws(StoreError) -> [Int] {
        var tally = [Int](repeating: 0, count: count)
        let key = Array("\(fact)".utf8)
        let value: Span<UInt8>?
        do throws(LMDBError) {
            value = try transaction.value(for: key.span, in: table)
        } catch {
            throw error.storeError
        }
        guard let value else { return tally }
        var reader = try RecordReader(value, version: 1, "tally")
        // A kind that came later stands behind those of an older store.
        for place in tally.indices where reader.remaining > 0 { tally[place] = try reader.integer() }
        return tally
    }

    // MARK: - Numbers

    private static func number(
        _ fact: StaticString, in transaction: borrowing some TableReading & ~Copyable, _ table: Table
    ) throws(StoreError) -> UInt64? {
        let key = Array("\(fact)".utf8)
        do throws(LMDBError) {
            guard let value = try transaction.value(for: key.span, in: table) else { return nil }
            if value.count == 8, let number = value.bigEndian(at: 0) { return number }
        } catch {
            throw error.storeError
        }
        throw StoreError(.damaged, "The store's own fact «\(fact)» is damaged.")
    }

    private static func set(
        _ fact: StaticString, to number: UInt64, in transaction: inout WriteTransaction, _ table: Table
    ) throws(StoreError) {
        let key = Array("\(fact)".utf8)
        let value = KeyLayout.label(number)
        do throws(LMDBError) {
            try transaction.put(value.span, for: key.span, in: table)
        } catch {
            throw error.storeError
        }
    }
}
