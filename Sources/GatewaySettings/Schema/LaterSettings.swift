import SettingsSchema

/// What the settings promise and this version does not have: the one place to take a name out of when it is
/// built.
///
/// Single values are held back at their declarations by `only(_:)`: `http2`, and two of `standing-summaries`.
enum LaterSettings {
    static let policy = [
        LaterSetting("media", members: ["keepLast"])
    ]
}
