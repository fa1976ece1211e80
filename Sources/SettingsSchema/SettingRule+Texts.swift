extension SettingRule where Value == String {
    /// A text that the closure lets pass or refuses.
    ///
    /// - Parameter words: what is allowed: `a name of 1 to 64 letters`.
    public static func string(
        _ words: String, check: @escaping @Sendable (String) throws(SettingRefusal) -> Void
    ) -> SettingRule {
        SettingRule(.string(words), spell: { $0.quotedOnOneLine }) { text throws(SettingRefusal) in
            try check(text)
            return text
        }
    }

    /// One of some names.
    ///
    /// - Parameters:
    ///   - later: names that are promised but not built.
    ///   - what: what they name: `the plugin`.
    public static func name(among names: [String], later: [String], _ what: String) -> SettingRule {
        SettingRule(.choice(names), spell: { $0.quotedOnOneLine }) { text throws(SettingRefusal) in
            if names.contains(text) { return text }
            guard !later.contains(text) else {
                throw SettingRefusal(
                    found: "\(what) \(text.quotedOnOneLine), which is not in this version",
                    mend: "Remove it.")
            }
            throw SettingRefusal(mend: NearestName.mend(text, among: names + later))
        }
    }

    /// A path of the file system; relative ones are the working directory's.
    public static var path: SettingRule {
        SettingRule(.path, spell: { $0.quotedOnOneLine }) { text throws(SettingRefusal) in
            guard !text.isEmpty else { throw SettingRefusal(mend: "Write a path, as in \"var\".") }
            guard !text.utf8.contains(0) else { throw SettingRefusal(mend: "Remove the NUL character.") }
            return text
        }
    }
}

extension SettingRule where Value: CaseIterable & RawRepresentable<String> {
    /// One of an enumeration's words.
    public static var choice: SettingRule {
        let words = Value.allCases.map(\.rawValue)
        return SettingRule(.choice(words), spell: { "\"\($0.rawValue)\"" }) { text throws(SettingRefusal) in
            if let value = Value(rawValue: text) { return value }
            throw SettingRefusal(mend: NearestName.mend(text, among: words))
        }
    }
}
