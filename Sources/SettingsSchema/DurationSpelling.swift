/// How plugins.json writes durations: a whole number and one unit.
public enum DurationSpelling {
    /// Units from large to small with their milliseconds.
    private static let units: [(suffix: String, milliseconds: Int)] = [
        ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// The shortest exact spelling of a duration of whole milliseconds: `30m`, `75s`, `0s`.
    public static func text(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        guard milliseconds != 0 else { return "0s" }
        for unit in units where milliseconds.truncatingRemainder(dividingBy: Double(unit.milliseconds)) == 0 {
            return "\(Int(milliseconds) / unit.milliseconds)\(unit.suffix)"
        }
        return "\(Int(milliseconds))ms"
    }

    /// Whether a text is a duration, and which.
    static func parse(_ text: String) -> SpellingResult<Duration> {
        let (digits, suffix) = text.splitBehindDigits
        guard !digits.isEmpty else { return .malformed(mend: "Write a number and a unit, as in \"30s\".") }
        guard !suffix.isEmpty else { return .malformed(mend: "Add a unit: \"\(digits)s\".") }
        guard let unit = units.first(where: { $0.suffix == suffix }) else {
            return .malformed(mend: mend(unit: suffix))
        }
        guard let number = Int(digits) else { return .outOfRange }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? .outOfRange : .value(.milliseconds(milliseconds))
    }

    private static func mend(unit: String) -> String {
        switch unit {
        case "d": "Write days as hours: \"24h\"."
        case _ where unit.hasPrefix("."): "Write a whole number of a smaller unit, as in \"1500ms\"."
        case _ where unit.contains(where: \.isNumber): "Write one number and one unit, as in \"90m\"."
        default: "Write one of the units ms, s, m, h right behind the number."
        }
    }
}
