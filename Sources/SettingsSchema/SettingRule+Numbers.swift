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
                if case .number(let spelling) = value, let number = Int(spelling), range.contains(number) {
                    return number
                }
                let mend = meant(by: value, in: range) ?? "Write a number from \(type.limits)."
                decoding.report(value, at: path, as: type, mend: mend)
                return nil
            },
            spell: { "\($0)" })
    }

    /// The sentence for a value that is a whole number in another spelling.
    private static func meant(by value: SettingValue, in range: ClosedRange<Int>) -> String? {
        switch value {
        case .string(let text):
            guard let number = Int(text), range.contains(number) else { return nil }
            return "Write \(number) without quotes."
        case .number(let spelling):
            guard let number = Double(spelling).flatMap(Int.init(exactly:)), range.contains(number) else {
                return nil
            }
            return "Write \(number)."
        default: return nil
        }
    }
}
