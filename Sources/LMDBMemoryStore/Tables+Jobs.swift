internal import MemoryCore
internal import MemoryStore

extension Tables {
    /// The value of a key, or nil.
    @_lifetime(borrow transaction)
    func found(
        _ key: Span<UInt8>, in table: Table, _ transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> Span<UInt8>? {
        do throws(LMDBError) {
            return try transaction.value(for: key, in: table)
        } catch {
            throw error.storeError
        }
    }

    /// A job by its number, unless its session was erased.
    func job(
        _ id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> JobRow? {
        let row = try anyJob(id, in: transaction)
        return row?.job.session == .gone ? nil : row
    }

    /// A job by its number, also one whose session was erased.
    func anyJob(
        _ id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> JobRow? {
        let key = KeyLayout.job(id)
        guard let value = try found(key.span, in: jobs, transaction) else { return nil }
        return try JobRow(id, value) { (session) throws(StoreError) in
            try keyIfThere(of: session, in: transaction) ?? .gone
        }
    }

    /// The highest number of a job below a number, or nil.
    func lastJob(
        before number: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> UInt64? {
        let end = KeyLayout.job(number)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, jobs)
            return try cursor.seekBefore(end.span) ? cursor.key.bigEndian(at: 0) : nil
        } catch {
            throw error.storeError
        }
    }

    /// What deadlines of a kind are about, the earliest first.
    ///
    /// - Parameter isWanted: whether a subject counts.
    func subjects(
        of kind: KeyLayout.DeadlineKind, until now: Timestamp, count: Int,
        in transaction: borrowing some TableReading & ~Copyable, where isWanted: (UInt64) -> Bool
    ) throws(StoreError) -> [UInt64] {
        var found: [UInt64] = []
        let start = KeyLayout.deadline(kind, at: Timestamp(microseconds: 0), subject: 0)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, deadlines)
            var isThere = try cursor.seek(start.span)
            while isThere, found.count < count, cursor.key.count == 17, cursor.key[0] == kind.rawValue,
                let moment = cursor.key.bigEndian(at: 1), moment <= UInt64(max(0, now.microseconds)),
                let subject = cursor.key.bigEndian(at: 9)
            {
                if isWanted(subject) { found.append(subject) }
                isThere = try cursor.next()
            }
        } catch {
            throw error.storeError
        }
        return found
    }

    /// The first moment of a kind, or nil.
    func firstDeadline(
        of kind: KeyLayout.DeadlineKind, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> Timestamp? {
        let start = KeyLayout.deadline(kind, at: Timestamp(microseconds: 0), subject: 0)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, deadlines)
            guard try cursor.seek(start.span), cursor.key.count == 17, cursor.key[0] == kind.rawValue,
                let moment = cursor.key.bigEndian(at: 1)
            else { return nil }
            return Timestamp(microseconds: Int64(clamping: moment))
        } catch {
            throw error.storeError
        }
    }
}
