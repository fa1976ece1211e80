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
