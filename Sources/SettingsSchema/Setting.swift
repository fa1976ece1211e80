/// A setting as a value: its name, what it takes, its default and one sentence. Decoding, help, messages and
/// documents all come from this one declaration.
public struct Setting<Value: Sendable>: Sendable {
    /// Its name in the object that holds it.
    public let name: String
    /// What it takes.
    public let rule: SettingRule<Value>
    /// What holds where it is left out.
    public let defaultValue: Value
    /// Whether it may be left out.
    public let presence: SettingPresence
    /// The flag that sets it on the command line, without dashes; nil for none.
    public let flag: String?
    /// What it is for, one sentence.
    public let sentence: String

    /// A setting that may be left out.
    public init(
        _ name: String, _ rule: SettingRule<Value>, default defaultValue: Value, flag: String? = nil,
        _ sentence: String
    ) {
        self.init(name, rule, defaultValue, .optional, flag, sentence)
    }

    /// A setting that may be left out and then is nil.
    public static func optional<Element>(
        _ name: String, _ rule: SettingRule<Element>, _ sentence: String
    ) -> Setting where Value == Element? {
        Setting(name, rule.optional, nil, .optional, nil, sentence)
    }

    /// A setting that must be given; reading one that is missing gives nil and reports it.
    public static func required<Element>(
        _ name: String, _ rule: SettingRule<Element>, _ sentence: String
    ) -> Setting where Value == Element? {
        Setting(name, rule.optional, nil, .required, nil, sentence)
    }

    private init(
        _ name: String, _ rule: SettingRule<Value>, _ defaultValue: Value, _ presence: SettingPresence,
        _ flag: String?, _ sentence: String
    ) {
        self.name = name
        self.rule = rule
        self.defaultValue = defaultValue
        self.presence = presence
        self.flag = flag
        self.sentence = sentence
    }

    /// The same without its Swift type, for groups and documents.
    public var declaration: SettingDeclaration {
        SettingDeclaration(
            name: name, kind: .value(rule.type), defaultText: rule.spell(defaultValue), presence: presence,
            flag: flag, sentence: sentence)
    }
}

/// Whether a setting may be left out.
public enum SettingPresence: Hashable, Sendable {
    /// Its default holds then.
    case optional
    /// It must be given.
    case required
}
