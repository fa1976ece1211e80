/// What stands at a setting's place before it is checked, wherever it came from: a file, a flag, a variable.
public enum SettingValue: Sendable {
    /// A string; flags and variables are strings too.
    case string(String)
    /// A number as it is spelled.
    case number(String)
    /// `true` or `false`.
    case boolean(Bool)
    /// `null`.
    case null
    /// A list.
    case list([SettingValue])
    /// An object's members in order, duplicates kept.
    case object([Member])

    /// A key and its value in an object.
    public struct Member: Sendable {
        /// The key.
        public let name: String
        /// The value.
        public let value: SettingValue

        /// A member by its parts.
        public init(_ name: String, _ value: SettingValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value in words on one line, long texts cut: `the string "5"`, `a list`.
    public var found: String {
        switch self {
        case .string(let text): "the string \(text.quotedOnOneLine)"
        case .number(let spelling): "the number \(spelling.prefix(40))"
        case .boolean(let flag): "\(flag)"
        case .null: "null"
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// The kind of the value alone, for settings whose content must not be shown.
    public var foundKind: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .boolean, .null, .list, .object: found
        }
    }
}
