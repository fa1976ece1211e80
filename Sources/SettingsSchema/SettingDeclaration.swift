/// What documents and messages need to know of a setting.
public struct SettingDeclaration: Sendable {
    /// What stands under the name.
    public enum Kind: Sendable {
        /// One value.
        case value(SettingType)
        /// An object of settings.
        case group(SettingGroup)
        /// A list of such objects.
        case groups(SettingGroup)
        /// Such objects by names of the user's choice.
        case namedGroups(SettingGroup)
    }

    /// Its name in the object that holds it.
    public let name: String
    /// What stands under it.
    public let kind: Kind
    /// Its default as plugins.json writes it; nil where there is none.
    public let defaultText: String?
    /// Whether it may be left out.
    public let presence: SettingPresence
    /// The flag that sets it, without dashes; nil for none.
    public let flag: String?
    /// What it is for, one sentence.
    public let sentence: String

    init(
        name: String, kind: Kind, defaultText: String?, presence: SettingPresence, flag: String?,
        sentence: String
    ) {
        self.name = name
        self.kind = kind
        self.defaultText = defaultText
        self.presence = presence
        self.flag = flag
        self.sentence = sentence
    }

    /// An object of settings.
    public static func group(_ name: String, _ group: SettingGroup) -> SettingDeclaration {
        SettingDeclaration(name, .group(group), group.sentence)
    }

    /// A list of objects of settings.
    public static func groups(_ name: String, _ group: SettingGroup) -> SettingDeclaration {
        SettingDeclaration(name, .groups(group), group.sentence)
    }

    /// Objects of settings by name.
    public static func namedGroups(_ name: String, _ group: SettingGroup) -> SettingDeclaration {
        SettingDeclaration(name, .namedGroups(group), group.sentence)
    }

    private init(_ name: String, _ kind: Kind, _ sentence: String) {
        self.init(
            name: name, kind: kind, defaultText: nil, presence: .optional, flag: nil, sentence: sentence)
    }

    /// The group below, if one is there.
    var members: SettingGroup? {
        switch kind {
        case .value: nil
        case .group(let group), .groups(let group), .namedGroups(let group): group
        }
    }

    /// What the path says behind the name: `upstreams[]`, `policies.*`.
    var pathText: String {
        switch kind {
        case .value, .group: name
        case .groups: "\(name)[]"
        case .namedGroups: "\(name).*"
        }
    }
}
