/// A setting that the product promises and this version does not have.
public struct LaterSetting: Sendable {
    /// What of it may stand in a file all the same, since it says what holds anyway.
    public enum Harmless: Hashable, Sendable {
        /// Nothing.
        case nothing
        /// An empty list.
        case emptyList
        /// An empty object.
        case emptyObject
    }

    /// Its name in the object that holds it.
    public let name: String
    /// The settings below it, if it is an object of settings.
    public let members: [String]
    /// What may stand there.
    public let harmless: Harmless

    /// A single setting, or one whose inside is not looked at.
    public init(_ name: String, harmless: Harmless = .nothing) {
        self.name = name
        self.members = []
        self.harmless = harmless
    }

    /// An object of settings.
    public init(_ name: String, members: [String]) {
        self.name = name
        self.members = members
        self.harmless = .emptyObject
    }

    /// Whether the value says nothing that would have to be built.
    func isHarmless(_ value: SettingValue) -> Bool {
        switch (harmless, value) {
        case (.emptyList, .list(let elements)): elements.isEmpty
        case (.emptyObject, .object(let members)): members.isEmpty
        default: false
        }
    }
}

extension SettingFault {
    /// A setting that is promised but not built.
    public static func notInThisVersion(at path: SettingPath) -> SettingFault {
        SettingFault(
            path, found: "a setting that is not in this version", allowed: "to leave it out",
            mend: "Remove it.")
    }
}
