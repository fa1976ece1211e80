import SettingsSchema

/// The settings under `store`.
enum StoreSchema {
    static let maxBytes = Setting(
        "maxBytes", .size(16 << 20...16 << 40), default: 64 << 30,
        "How large the store may grow; beyond it chats go on without being recorded.")

    static let group = SettingGroup("The store.", [maxBytes.declaration])
}
