/// What reading a number with its unit gave.
enum SpellingResult<Value> {
    /// A value; whether it is within a setting's range is still open.
    case value(Value)
    /// More than can be counted.
    case outOfRange
    /// Not in the form; the sentence says how to mend it.
    case malformed(mend: String)
}

extension String {
    /// The ASCII digits that the text begins with, and the rest.
    var splitBehindDigits: (digits: String, rest: String) {
        let digits = prefix { ("0"..."9").contains($0) }
        return (String(digits), String(self[digits.endIndex...]))
    }
}
