extension SettingRule where Value == Secret {
    /// The longest secret that is taken, in bytes; what is longer is the wrong file.
    private static var longest: Int { 64 << 10 }

    /// A reference to a secret, resolved at once; a secret written out is refused and never shown.
    public static var secret: SettingRule {
        SettingRule(
            .secret,
            decode: { value, path, decoding in
                guard case .string(let text) = value else {
                    let mend = "Write a reference in quotes, as in \"$env:NAME\"."
                    decoding.report(value, at: path, as: .secret, found: value.foundKind, mend: mend)
                    return nil
                }
                guard text.isSecretReference else {
                    let mend = "Put the secret into an environment variable or a file and name that one here."
                    decoding.report(
                        value, at: path, as: .secret, found: "a text that is no reference", mend: mend)
                    return nil
                }
                return resolve(text, at: path, decoding)
            },
            spell: { "\"\($0)\"" })
    }

    /// A text that may be a reference to a secret: resolved if it is, else taken as it stands; never shown.
    public static var textOrSecret: SettingRule {
        let type = SettingType.string("a text, or a reference, \(SettingType.secret.limits)")
        return SettingRule(
            type,
            decode: { value, path, decoding in
                guard case .string(let text) = value else {
                    let mend = "Write a string in quotes."
                    decoding.report(value, at: path, as: type, found: value.foundKind, mend: mend)
                    return nil
                }
                if text.isSecretReference { return resolve(text, at: path, decoding) }
                guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                    let found = "a text with control characters"
                    decoding.report(value, at: path, as: type, found: found, mend: "Remove them.")
                    return nil
                }
                return Secret(text, source: .settings)
            },
            spell: { "\"\($0)\"" })
    }

    /// What a reference stands for.
    private static func resolve(_ reference: String, at path: SettingPath, _ decoding: SettingsDecoding)
        -> Secret?
    {
        let name = String(reference.drop { $0 != ":" }.dropFirst())
        let isVariable = reference.hasPrefix("$env:")
        let source: Secret.Source = isVariable ? .variable(name) : .file(name)
        do throws(SettingRefusal) {
            let text = isVariable ? try variable(name, decoding) : try file(name, decoding)
            return try Secret(validating: text, source: source)
        } catch {
            let found = "\(reference.quotedOnOneLine), \(error.found ?? "which is empty")"
            decoding.report(.string(reference), at: path, as: .secret, found: found, mend: error.mend)
            return nil
        }
    }

    private static func variable(_ name: String, _ decoding: SettingsDecoding) throws(SettingRefusal)
        -> String
    {
        guard !name.isEmpty else {
            throw SettingRefusal(found: "which names no variable", mend: "Write \"$env:NAME\".")
        }
        guard let text = decoding.surroundings.variable(name) else {
            throw SettingRefusal(found: "which is not set", mend: "Set that variable, or remove the setting.")
        }
        return text
    }

    private static func file(_ path: String, _ decoding: SettingsDecoding) throws(SettingRefusal) -> String {
        guard !path.isEmpty else {
            throw SettingRefusal(found: "which names no file", mend: "Write \"$file:/path\".")
        }
        let bytes: [UInt8]
        do {
            bytes = try decoding.surroundings.contents(ofFile: path, limit: longest)
        } catch {
            throw SettingRefusal(
                found: error.reason, mend: "Write the secret into that file, or correct the path.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingRefusal(found: "a file that is not UTF-8", mend: "Write the secret alone into it.")
        }
        return text
    }
}

extension String {
    /// Whether the text is meant as a reference to a secret.
    fileprivate var isSecretReference: Bool { hasPrefix("$env:") || hasPrefix("$file:") }
}
