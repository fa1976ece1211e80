import SettingsSchema

extension SettingRule where Value == String {
    /// The name of a user or tenant, by the rule for ids in bodies.
    static var identifier: SettingRule {
        .string("a name of 1 to 256 bytes without control characters") { text throws(SettingRefusal) in
            guard (1...256).contains(text.utf8.count) else {
                throw SettingRefusal(
                    found: "a text of \(text.utf8.count) bytes",
                    mend: "Write one, or remove the setting.")
            }
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw SettingRefusal(mend: "Remove the control characters.")
            }
        }
    }
}
