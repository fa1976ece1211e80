extension String {
    /// The text in quotes, on one line and at most 60 characters long: control characters are escaped, so
    /// that a message cannot be broken by what it quotes.
    package var quotedOnOneLine: String {
        var quoted = "\""
        for scalar in unicodeScalars.prefix(60) {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.properties.isUnprintable: quoted += "\\u{\(String(scalar.value, radix: 16))}"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + (unicodeScalars.count > 60 ? "…\"" : "\"")
    }
}

extension Unicode.Scalar.Properties {
    /// Control and format characters and line separators: what breaks a line or hides text.
    fileprivate var isUnprintable: Bool {
        switch generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}

extension [String] {
    /// `a, b or c`.
    package var joinedWithOr: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}
