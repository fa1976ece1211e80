internal import MemoryCore
internal import MemoryStore

extension Tables {
    /// A session's chain, oldest first.
    func summaries(
        of key: SessionKey, _ id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [SessionSummary] {
        var chain: [SessionSummary] = []
        let start = KeyLayout.summary(session: id, number: 0)
        var numbers: [Int] = []
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, summaries)
            var isThere = try cursor.seek(start.span)
            while isThere, cursor.key.bigEndian(at: 0) == id, let number = cursor.key.bigEndian(at: 8) {
                numbers.append(Int(clamping: number))
                isThere = try cursor.next()
            }
        } catch {
            throw error.storeError
        }
        for number in numbers {
            if let summary = try summary(number, of: key, id, in: transaction) { chain.append(summary) }
        }
        return chain
    }

    /// A link of a chain.
    func summary(
        _ number: Int, of key: SessionKey, _ id: UInt64,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> SessionSummary? {
        let place = KeyLayout.summary(session: id, number: number)
        let value: Span<UInt8>?
        do throws(LMDBError) {
            value = try transaction.value(for: place.span, in: summaries)
        } catch {
            throw error.storeError
        }
        guard let value else { return nil }
        return try SummaryRecord.decode(key, number: number, value)
    }

    /// The newest ends of an owner's sessions, newest first: the session's id and the summary's number.
    func endings(
        of owner: UInt64, besides excluded: UInt64?, count: Int,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [(session: UInt64, number: Int)] {
        var found: [(session: UInt64, number: Int)] = []
        let behind = KeyLayout.ending(
            owner: owner, at: Timestamp(microseconds: Int64.max), session: UInt64.max)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, endings)
            var isThere = try cursor.seekBefore(behind.span)
            while isThere, found.count < count, cursor.key.bigEndian(at: 0) == owner {
                if let session = cursor.key.bigEndian(at: 16), let number = cursor.value.bigEndian(at: 0),
                    session != excluded
                {
                    found.append((session, Int(clamping: number)))
                }
                isThere = try cursor.previous()
            }
        } catch {
            throw error.storeError
        }
        return found
    }

    /// The context of a session, as its last step left it.
    func context(
        of session: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> SessionContext? {
        let key = KeyLayout.session(session)
        let value: Span<UInt8>?
        do throws(LMDBError) {
            value = try transaction.value(for: key.span, in: contexts)
        } catch {
            throw error.storeError
        }
        guard let value else { return nil }
        return try ContextRecord.decode(value)
    }
}
