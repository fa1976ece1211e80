package import MemoryCore

/// Moments as RFC 3339 writes them. The calendar is counted by hand (Howard Hinnant, «chrono-compatible
/// low-level date algorithms»): a list of messages holds many moments.
extension Timestamp {
    /// In UTC with milliseconds, rounded down: `2026-01-31T09:30:00.250Z`.
    package var rfc3339: String {
        let (days, time) = Self.divided(Self.divided(microseconds, 1000).0, 86_400_000)
        let (year, month, day) = Self.date(days)
        let (hour, minute) = (time / 3_600_000, time / 60_000 % 60)
        let (second, fraction) = (time / 1000 % 60, time % 1000)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
            + "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))"
            + ".\(Self.padded(fraction, 3))Z"
    }

    /// The moment that a text spells, with any offset and any fraction of a second, of which microseconds
    /// count; nil where it spells none. A leap second is the last second of its minute.
    package init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = Self.digits(4, &rest), Self.take("-", &rest), let month = Self.digits(2, &rest),
            Self.take("-", &rest), let day = Self.digits(2, &rest), Self.take("Tt ", &rest),
            let hour = Self.digits(2, &rest), Self.take(":", &rest), let minute = Self.digits(2, &rest),
            Self.take(":", &rest), let second = Self.digits(2, &rest),
            let fraction = Self.fraction(&rest), let offset = Self.offset(&rest), rest.isEmpty,
            (1...12).contains(month), day >= 1, hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Self.days(year, month, day)
        guard Self.date(days) == (year, month, day) else { return nil }
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset * 60
        self.init(microseconds: seconds * 1_000_000 + fraction)
    }

    // MARK: The calendar

    private static func divided(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let remainder = (value % divisor + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }

    /// Year, month and day of a day since 1970.
    private static func date(_ days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = divided(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1
        )
    }

    /// The days since 1970 of a date.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let (era, yearOfEra) = divided(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    // MARK: Reading

    private static func digits(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> Int64? {
        let taken = rest.prefix(count)
        guard taken.count == count, taken.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest.removeFirst(count)
        return taken.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }

    private static func take(_ allowed: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard let next = rest.first, allowed.utf8.contains(next) else { return false }
        rest.removeFirst()
        return true
    }

    /// Microseconds; none where there is no fraction.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard take(".", &rest) else { return 0 }
        let taken = rest.prefix { (0x30...0x39).contains($0) }
        guard !taken.isEmpty else { return nil }
        rest.removeFirst(taken.count)
        let counted = taken.prefix(6)
        return counted.reduce(0) { $0 * 10 + Int64($1 - 0x30) } * powers[6 - counted.count]
    }

    private static let powers: [Int64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

    /// Minutes east of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take("Zz", &rest) { return 0 }
        let sign: Int64 = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard take("+-", &rest), let hours = digits(2, &rest), take(":", &rest),
            let minutes = digits(2, &rest), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
