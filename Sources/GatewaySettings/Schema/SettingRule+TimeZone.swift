import SettingsSchema

extension SettingRule where Value == String {
    /// The name of a time zone that the system knows.
    static var timeZone: SettingRule {
        let type = SettingType.string("a time zone's name, as in \"Europe/Berlin\"")
        return SettingRule(
            type,
            decode: { value, path, decoding in
                guard case .string(let name) = value else {
                    decoding.report(value, at: path, as: type, mend: "Write a string in quotes.")
                    return nil
                }
                guard isName(name), isKnown(name, decoding.surroundings) else {
                    decoding.report(
                        value, at: path, as: type,
                        mend: "Write a name from /usr/share/zoneinfo; where that is missing, install tzdata.")
                    return nil
                }
                return name
            }, spell: { $0.quotedOnOneLine })
    }

    /// Words of letters, digits, `_`, `+` and `-`, with slashes between them: no way out of a folder.
    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy { word in
                !word.isEmpty
                    && word.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F
                            || byte == 0x2B || byte == 0x2D
                    }
            }
    }

    /// Files of zones begin with a mark (RFC 8536).
    private static func isKnown(_ name: String, _ surroundings: any Surroundings) -> Bool {
        let file = try? surroundings.contents(ofFile: "/usr/share/zoneinfo/" + name, limit: 1 << 16)
        return file?.starts(with: Array("TZif".utf8)) ?? false
    }
}
