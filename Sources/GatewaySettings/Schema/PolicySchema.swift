import SettingsSchema

/// The settings of a policy.
enum PolicySchema {
    static let deadline = Setting(
        "deadline", .duration(.zero ... .seconds(60)), default: .milliseconds(250),
        "How long the end of a reply waits for the store before it is released unrecorded.")
    static let drainTimeout = Setting(
        "drainTimeout", .duration(.zero ... .seconds(3600)), default: .seconds(30),
        "How long a plain reply is read to its end after its client has gone.")

    static let record = SettingGroup(
        "How exchanges are recorded.", [deadline.declaration, drainTimeout.declaration])
    static let group = SettingGroup(
        "Named bundles of memory settings.", [.group("record", record)], later: LaterSettings.policy)
}
