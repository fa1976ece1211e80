/// Where a setting stands: `gateway.listen`, `upstreams[0].url`, or the flag or variable that gave it.
public struct SettingPath: Hashable, Sendable, CustomStringConvertible {
    /// As it is shown.
    public let description: String

    /// The top of plugins.json.
    public static let root = SettingPath("")

    /// A path that is shown as given: `--listen`, `MEMGATE_LISTEN`, `plugins.json`.
    public init(_ description: String) {
        self.description = description
    }

    /// The member of that name; a name that is no plain word is put in brackets.
    public func member(_ name: String) -> SettingPath {
        let isPlain =
            !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-"
                    || scalar == "_"
            }
        guard isPlain else { return SettingPath("\(description)[\(name.quotedOnOneLine)]") }
        return SettingPath(description.isEmpty ? name : "\(description).\(name)")
    }

    /// The element at an index from 0.
    public func element(_ index: Int) -> SettingPath {
        SettingPath("\(description)[\(index)]")
    }
}
