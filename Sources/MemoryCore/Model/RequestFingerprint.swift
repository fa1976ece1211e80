/// What tells that a request is one that was sent before, where its client announces so.
public struct RequestFingerprint: Hashable, Sendable {
    /// The ways to announce a retry.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The same `Idempotency-Key` and body.
        case idempotencyKey = 1
        /// The same body, where a field counts the tries.
        case countedTry = 2

        /// How long a request is remembered, in seconds.
        public var seconds: Int64 {
            switch self {
            case .idempotencyKey: 24 * 3600
            case .countedTry: 10 * 60
            }
        }
    }

    /// The way.
    public let kind: Kind
    /// The digest's first eight bytes.
    public let high: UInt64
    /// The digest's next eight bytes.
    public let low: UInt64
    /// Whether the client says that this is no first try.
    public let isRetry: Bool

    /// A fingerprint by its members.
    public init(_ kind: Kind, high: UInt64, low: UInt64, isRetry: Bool) {
        self.kind = kind
        self.high = high
        self.low = low
        self.isRetry = isRetry
    }

    /// Whether it still stands for a request of that moment.
    public func isRemembered(since moment: Timestamp, at now: Timestamp) -> Bool {
        now.microseconds - moment.microseconds < kind.seconds * 1_000_000
    }
}
