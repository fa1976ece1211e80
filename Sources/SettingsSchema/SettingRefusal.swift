/// Why a rule does not take a value, where the type alone does not say it.
public struct SettingRefusal: Error, Hashable, Sendable {
    /// What was found, if more should be said (or less be shown) than the value itself.
    public let found: String?
    /// What to do, a sentence.
    public let mend: String

    /// A refusal with a sentence that says how to mend the setting.
    public init(found: String? = nil, mend: String) {
        self.found = found
        self.mend = mend
    }
}
