extension SettingRule where Value == Int {
    /// A number of bytes as a string with a unit.
    public static func size(_ range: ClosedRange<Int>) -> SettingRule {
        SettingRule(
            measure: Measure(
                type: .size(range), range: range, parse: SizeSpelling.parse, text: SizeSpelling.text,
                bare: { $0 }))
    }
}

extension SettingRule where Value == Duration {
    /// A duration as a string with a unit.
    public static func duration(_ range: ClosedRange<Duration>) -> SettingRule {
        SettingRule(
            measure: Measure(
                type: .duration(range), range: range, parse: DurationSpelling.parse,
                text: DurationSpelling.text,
                bare: { .seconds($0) }))
    }
}

extension SettingRule where Value: Comparable {
    fileprivate init(measure: Measure<Value>) {
        self.init(
            measure.type,
            decode: { value, path, decoding in
                do throws(SettingRefusal) {
                    return try measure.value(of: value)
                } catch {
                    decoding.report(value, at: path, as: measure.type, mend: error.mend)
                    return nil
                }
            },
            spell: { "\"\(measure.text($0))\"" })
    }
}

/// A number with a unit, within bounds.
private struct Measure<Value: Comparable & Sendable>: Sendable {
    let type: SettingType
    let range: ClosedRange<Value>
    let parse: @Sendable (String) -> SpellingResult<Value>
    let text: @Sendable (Value) -> String
    /// What a number without a unit most likely meant.
    let bare: @Sendable (Int) -> Value

    func value(of written: SettingValue) throws(SettingRefusal) -> Value {
        switch written {
        case .string(let spelling): try value(of: parse(spelling))
        case .number(let spelling): throw SettingRefusal(mend: "A bare number has no unit: \(unit(spelling))")
        default: throw SettingRefusal(mend: "Write a string with a unit.")
        }
    }

    private func value(of result: SpellingResult<Value>) throws(SettingRefusal) -> Value {
        switch result {
        case .value(let value) where range.contains(value): return value
        case .value, .outOfRange: throw SettingRefusal(mend: "Write a value from \(type.limits).")
        case .malformed(let mend): throw SettingRefusal(mend: mend)
        }
    }

    private func unit(_ spelling: String) -> String {
        guard let value = Int(spelling).map(bare), range.contains(value) else {
            return "write a string with one."
        }
        return "write \"\(text(value))\"."
    }
}
