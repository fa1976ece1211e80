/// Days and hours as people count them who live in a time zone (proleptic Gregorian calendar).
public struct LocalTime: Sendable {
    private let offset: @Sendable (Int64) -> Int64

    /// Local time by its distance from UTC.
    ///
    /// - Parameter offset: seconds ahead of UTC, at a moment in seconds since 1970.
    public init(_ offset: @escaping @Sendable (Int64) -> Int64) {
        self.offset = offset
    }

    /// Coordinated universal time.
    public static let utc = LocalTime { _ in 0 }

    /// The days since 1970-01-01 that have begun.
    public func day(of moment: Timestamp) -> Int64 {
        Self.floored(seconds(moment), by: 86_400).quotient
    }

    /// The day and the minute: `2026-11-22 09:05`.
    public func text(of moment: Timestamp) -> String {
        let (day, rest) = Self.floored(seconds(moment), by: 86_400)
        let (year, month, dayOfMonth) = Self.date(ofDay: day)
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2) + " "
            + padded(rest / 3600, 2) + ":" + padded(rest % 3600 / 60, 2)
    }

    private func seconds(_ moment: Timestamp) -> Int64 {
        let utc = Self.floored(moment.microseconds, by: 1_000_000).quotient
        return utc + offset(utc)
    }

    private static func floored(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Howard Hinnant's `civil_from_days`: eras of 400 years that begin in March.
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floored(day + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1
        )
    }
}
