/// The settings of one object, and the names that are promised but not built.
public struct SettingGroup: Sendable {
    /// What the group is for, one sentence.
    public let sentence: String
    /// Its settings and sub-groups in the order of the documents.
    public let declarations: [SettingDeclaration]
    /// What is promised but not built: refused with words of its own, never ignored.
    public let later: [LaterSetting]

    /// A group by its parts.
    public init(_ sentence: String, _ declarations: [SettingDeclaration], later: [LaterSetting] = []) {
        self.sentence = sentence
        self.declarations = declarations
        self.later = later
    }

    /// The names of what it holds.
    public var names: [String] { declarations.map(\.name) }

    /// Every setting below with its path (`gateway.listen`, `upstreams[].url`), in the order of the
    /// documents.
    public var settings: [(path: String, setting: SettingDeclaration)] {
        declarations.flatMap { declaration -> [(path: String, setting: SettingDeclaration)] in
            guard let members = declaration.members else { return [(declaration.name, declaration)] }
            return members.settings.map { ("\(declaration.pathText).\($0.path)", $0.setting) }
        }
    }
}
