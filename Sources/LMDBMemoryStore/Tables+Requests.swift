internal import MemoryCore
internal import MemoryStore

extension Tables {
    /// The request that one of these fingerprints stands for, if it or the request announces a retry.
    ///
    /// - Parameter began: when a first try began that may find a further one that was faster; nil for none.
    func request(
        _ fingerprints: [RequestFingerprint], owner: UInt64, at now: Timestamp,
        began: Timestamp? = nil,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> RequestEntry? {
        for fingerprint in fingerprints where fingerprint.isRetry || began != nil {
            let span = fingerprint.kind.span(of: now)
            for span in [span, span &- 1] {
                let key = KeyLayout.request(fingerprint, span: span, owner: owner)
                let value: Span<UInt8>?
                do throws(LMDBError) {
                    value = try transaction.value(for: key.span, in: requests)
                } catch {
                    throw error.storeError
                }
                guard let value else { continue }
                let entry = try RequestEntry(value)
                let isOvertaken = entry.isRetry && began.map { $0 <= entry.at } ?? false
                let isTold = fingerprint.isRetry || isOvertaken
                if isTold, fingerprint.isRemembered(since: entry.at, at: now) { return entry }
            }
        }
        return nil
    }

    /// Keys of requests of a kind that are too old to matter, a few of them.
    func forgottenRequests(
        _ kind: RequestFingerprint.Kind, at now: Timestamp,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        let oldest = kind.span(of: now) &- 1
        let start: [UInt8] = [kind.rawValue]
        do throws(LMDBError) {
            var cursor = try Cursor(transaction, requests)
            var isThere = try cursor.seek(start.span)
            while isThere, keys.count < 4, cursor.key.count == 29, cursor.key[0] == kind.rawValue,
                UInt32(truncatingIfNeeded: (cursor.key.bigEndian(at: 1) ?? 0) >> 32) < oldest
            {
                keys.append([UInt8](copying: cursor.key))
                isThere = try cursor.next()
            }
        } catch {
            throw error.storeError
        }
        return keys
    }
}
