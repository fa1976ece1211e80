internal import MemoryCore

/// The requests by which an in-memory store knows announced retries.
struct InMemoryRequests {
    /// Where a request stands.
    struct Entry {
        var at: Timestamp
        var session: SessionKey
        var exchange: ExchangeID
        /// Its new messages.
        var nodes: [UInt64]
        /// Whether it announced itself as a further try.
        var isRetry = false
    }

    private struct Key: Hashable {
        var owner: SessionOwner
        var kind: RequestFingerprint.Kind
        var high: UInt64
        var low: UInt64
    }

    private var entries: [Key: Entry] = [:]

    /// The request that one of these fingerprints stands for, if it or the request announces a retry.
    func request(
        _ fingerprints: [RequestFingerprint], of owner: SessionOwner, at now: Timestamp,
        began: Timestamp? = nil
    ) -> Entry? {
        for fingerprint in fingerprints where fingerprint.isRetry || began != nil {
            guard let entry = entries[Self.key(fingerprint, owner)] else { continue }
            let isOvertaken = entry.isRetry && began.map { $0 <= entry.at } ?? false
            let isTold = fingerprint.isRetry || isOvertaken
            if isTold, fingerprint.isRemembered(since: entry.at, at: now) { return entry }
        }
        return nil
    }

    /// Notes how a request would be known again.
    mutating func note(_ fingerprints: [RequestFingerprint], _ entry: Entry) {
        for fingerprint in fingerprints {
            var entry = entry
            entry.isRetry = fingerprint.isRetry
            entries[Self.key(fingerprint, entry.session.owner)] = entry
        }
    }

    /// Nothing is known of a session's requests any longer.
    mutating func forget(_ session: SessionKey) {
        entries = entries.filter { $0.value.session != session }
    }

    private static func key(_ fingerprint: RequestFingerprint, _ owner: SessionOwner) -> Key {
        Key(owner: owner, kind: fingerprint.kind, high: fingerprint.high, low: fingerprint.low)
    }
}
