extension SettingRule where Value == Bool {
    /// `true` or `false`, without quotes.
    public static var boolean: SettingRule {
        let type = SettingType.boolean
        return SettingRule(
            type,
            decode: { value, path, decoding in
                if case .boolean(let flag) = value { return flag }
                var mend = "Write true or false."
                if case .string(let text) = value, text == "true" || text == "false" {
                    mend = "Write \(text) without quotes."
                }
                decoding.report(value, at: path, as: type, mend: mend)
                return nil
            },
            spell: { "\($0)" })
    }
}

extension SettingRule where Value == Int {
    /// A whole number within bounds, without quotes, fraction or exponent.
    public static func integer(_ range: ClosedRange<Int>) -> SettingRule {
        let type = SettingType.integer(range)
        return SettingRule(
            type,
            decode: { value, path, decoding in
                var mend = "Write a whole number without quotes, as in \(range.lowerBound)."
                if case .number(let spelling) = value, spelling.allSatisfy({ $0 == "-" || $0.isWholeNumber })
                {
                    if let number = Int(spelling), range.contains(number) { return number }
                    mend = "Write a number from \(type.limits)."
                }
                if case .string(let text) = value, Int(text) != nil { mend = "Write \(text) without quotes." }
                decoding.report(value, at: path, as: type, mend: mend)
                return nil
            },
            spell: { "\($0)" })
    }

    /// A number of bytes as a string with a unit.
    public static func size(_ range: ClosedRange<Int>) -> SettingRule {
        measured(.size(range), range, parse: SizeSpelling.parse, text: SizeSpelling.text) { "\($0)B" }
    }
}

extension SettingRule where Value == Duration {
    /// A duration as a string with a unit.
    public static func duration(_ range: ClosedRange<Duration>) -> SettingRule {
        measured(.duration(range), range, parse: DurationSpelling.parse, text: DurationSpelling.text) {
            "\($0)s"
        }
    }
}

extension SettingRule where Value: Comparable {
    /// A number with a unit, within bounds.
    ///
    /// - Parameter withUnit: gives a bare number the unit that is most likely meant.
    fileprivate static func measured(
        _ type: SettingType, _ range: ClosedRange<Value>,
        parse: @escaping @Sendable (String) -> SpellingResult<Value>,
        text: @escaping @Sendable (Value) -> String, withUnit: @escaping @Sendable (String) -> String
    ) -> SettingRule {
        SettingRule(
            type,
            decode: { value, path, decoding in
                switch value {
                case .string(let spelling):
                    switch parse(spelling) {
                    case .value(let number) where range.contains(number): return number
                    case .value, .outOfRange:
                        let mend = "Write a value from \(type.limits)."
                        decoding.report(value, at: path, as: type, mend: mend)
                    case .malformed(let mend): decoding.report(value, at: path, as: type, mend: mend)
                    }
                case .number(let spelling):
                    let mend =
                        "A bare number has no unit: write \"\(withUnit(String(spelling.prefix(40))))\"."
                    decoding.report(value, at: path, as: type, mend: mend)
                default: decoding.report(value, at: path, as: type, mend: "Write a string with a unit.")
                }
                return nil
            },
            spell: { "\"\(text($0))\"" })
    }
}
