internal import MemoryCore
internal import MemoryStore

extension Tables {
    /// Whether a message is there.
    func hasMessage(
        _ node: UInt64, of session: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> Bool {
        let key = KeyLayout.message(session: session, node: node)
        return try found(key.span, in: messages, transaction) != nil
    }

    /// Where a message stands.
    func place(
        _ node: UInt64, of session: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> MessagePlace? {
        let key = KeyLayout.message(session: session, node: node)
        guard let value = try found(key.span, in: messages, transaction) else { return nil }
        return try MessageRecord.place(node: node, value)
    }

    /// Where a session's messages stand, in order of their numbers.
    func places(
        of session: UInt64, after node: UInt64, count: Int,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [MessagePlace] {
        guard node < UInt64.max else { return [] }
        var found: [MessagePlace] = []
        let start = KeyLayout.message(session: session, node: node + 1)
        var cursor: Cursor
        do throws(LMDBError) {
            cursor = try Cursor(transaction, messages)
        } catch {
            throw error.storeError
        }
        do throws(LMDBError) {
            guard try cursor.seek(start.span) else { return [] }
        } catch {
            throw error.storeError
        }
        while found.count < count, cursor.key.bigEndian(at: 0) == session,
            let node = cursor.key.bigEndian(at: 8)
        {
            found.append(try MessageRecord.place(node: node, cursor.value))
            do throws(LMDBError) {
                guard try cursor.next() else { return found }
            } catch {
                throw error.storeError
            }
        }
        return found
    }

    /// Keys of a table that begin alike, at most so many.
    func keys(
        startingWith prefix: Span<UInt8>, in table: Table, most: Int,
        _ transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, table)
            var isThere = try cursor.seek(prefix)
            while isThere, keys.count < most, cursor.key.hasPrefix(prefix) {
                keys.append([UInt8](copying: cursor.key))
                isThere = try cursor.next()
            }
        } catch {
            throw error.storeError
        }
        return keys
    }

    /// The sessions of a policy in the order of their age.
    ///
    /// - Parameter last: only those behind that moment and session.
    func agedSessions(
        by age: SessionAge, policy: UInt64, after last: (moment: Timestamp, session: UInt64)?,
        before moment: Timestamp, count: Int, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [(moment: Timestamp, session: UInt64)] {
        var found: [(moment: Timestamp, session: UInt64)] = []
        let start = KeyLayout.age(
            age, policy: policy, at: last?.moment ?? Timestamp(microseconds: 0),
            session: last.map { $0.session + 1 } ?? 0)
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, ages)
            var isThere = try cursor.seek(start.span)
            while isThere, found.count < count, cursor.key.count == 25, cursor.key[0] == age.rawValue,
                cursor.key.bigEndian(at: 1) == policy, let microseconds = cursor.key.bigEndian(at: 9),
                let session = cursor.key.bigEndian(at: 17)
            {
                let old = Timestamp(microseconds: Int64(clamping: microseconds))
                guard old < moment else { break }
                found.append((old, session))
                isThere = try cursor.next()
            }
        } catch {
            throw error.storeError
        }
        return found
    }

    /// The exchange behind one, in the order in which they began; nil behind the last.
    func nextExchange(
        after last: ExchangeID?, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> ExchangeID? {
        let start = last.map { KeyLayout.exchange(high: $0.high, low: $0.low) }
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, exchanges)
            var isThere: Bool
            if let start {
                isThere = try cursor.seek(start.span)
                if isThere, cursor.key.hasPrefix(start.span) { isThere = try cursor.next() }
            } else {
                isThere = try cursor.next()
            }
            guard isThere, let high = cursor.key.bigEndian(at: 0), let low = cursor.key.bigEndian(at: 8)
            else { return nil }
            return ExchangeID(high: high, low: low)
        } catch {
            throw error.storeError
        }
    }
}
