/// How plugins.json writes sizes: a whole number and one unit of powers of 1024.
public enum SizeSpelling {
    /// Units from large to small with their bytes.
    private static let units: [(suffix: String, bytes: Int)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    /// The shortest exact spelling of a number of bytes: `40MiB`, `1000B`.
    public static func text(_ bytes: Int) -> String {
        guard let unit = units.first(where: { bytes != 0 && bytes.isMultiple(of: $0.bytes) }) else {
            return "\(bytes)B"
        }
        return "\(bytes / unit.bytes)\(unit.suffix)"
    }

    /// Whether a text is a size, and how many bytes.
    static func parse(_ text: String) -> SpellingResult<Int> {
        let (digits, suffix) = text.splitBehindDigits
        guard !digits.isEmpty else { return .malformed(mend: "Write a number and a unit, as in \"40MiB\".") }
        guard !suffix.isEmpty else {
            return .malformed(mend: "Add a unit: \"\(digits)B\" or \"\(digits)MiB\".")
        }
        guard let unit = units.first(where: { $0.suffix == suffix }) else {
            return .malformed(mend: mend(digits: digits, unit: suffix))
        }
        guard let number = Int(digits) else { return .outOfRange }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? .outOfRange : .value(bytes)
    }

    private static func mend(digits: String, unit: String) -> String {
        let meant = units.first { $0.suffix.first?.lowercased() == unit.first?.lowercased() }
        guard let meant, unit.allSatisfy(\.isLetter) else {
            return "Write one of the units B, KiB, MiB, GiB, TiB right behind a whole number."
        }
        return "Write \"\(digits)\(meant.suffix)\"."
    }
}
