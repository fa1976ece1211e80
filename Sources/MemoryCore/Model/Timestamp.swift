/// Wall time in microseconds since 1970, as stored.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// A moment by its microseconds since 1970.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Milliseconds since 1970, rounded down.
    public var milliseconds: Int64 { microseconds / 1000 }

    /// A moment so many microseconds later; far enough from now, the last one there is.
    public func advanced(byMicroseconds count: Int64) -> Timestamp {
        let (sum, isTooFar) = microseconds.addingReportingOverflow(count)
        return Timestamp(microseconds: isTooFar ? Int64.max : sum)
    }

    /// A moment later by a duration.
    public func advanced(by time: Duration) -> Timestamp {
        let (seconds, attoseconds) = time.components
        let (microseconds, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !isTooLong else { return Timestamp(microseconds: Int64.max) }
        return advanced(byMicroseconds: microseconds + attoseconds / 1_000_000_000_000)
    }

    /// Earlier is less.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}
