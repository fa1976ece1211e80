import SettingsSchema

/// What flags and environment say, in the order in which the later one wins. An empty variable says nothing:
/// that is how compose files leave one out.
struct OutsideValues {
    let flags: SettingsFlags
    let surroundings: any Surroundings

    /// The values that take the place of single settings.
    var overrides: [SettingOverride] {
        CommandFlag.ofSettings.flatMap { flag in
            values(of: flag).map { value in
                SettingOverride(SettingPath(flag.setting ?? ""), from: value.source, value.value)
            }
        }
    }

    /// What variable and flag give, the flag last.
    func values(of flag: CommandFlag) -> [(source: SettingPath, value: SettingValue)] {
        var values: [(source: SettingPath, value: SettingValue)] = []
        if let text = variable(flag.variable) {
            values.append(
                (SettingPath(flag.variable), flag.isSwitch ? Self.switchValue(text) : .string(text)))
        }
        if let value = flags.value(of: flag) { values.append((SettingPath(flag.flag), value)) }
        return values
    }

    /// A variable that is set to something.
    func variable(_ name: String) -> String? {
        surroundings.variable(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Variables know no booleans: the usual words are taken, anything else is left to be refused.
    private static func switchValue(_ text: String) -> SettingValue {
        switch text {
        case "true", "1": .boolean(true)
        case "false", "0": .boolean(false)
        default: .string(text)
        }
    }
}

extension CommandFlag {
    /// Whether it takes no value.
    var isSwitch: Bool { name == "open" }
}
