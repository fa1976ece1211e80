import SettingsSchema

extension SettingRule where Value == String {
    /// A name of our own side: it is shown in headers, logs and metrics.
    static var plainName: SettingRule {
        .string("a name of 1 to 64 letters, digits, dots, dashes and underscores") {
            text throws(SettingRefusal) in
            let isPlain = text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                    || "-._".utf8.contains(byte)
            }
            guard isPlain, (1...64).contains(text.utf8.count) else {
                throw SettingRefusal(mend: "Write a short name, as in \"main\".")
            }
        }
    }

    /// A pattern of model names.
    static var modelPattern: SettingRule {
        .string("a model's name, with * for any characters") { text throws(SettingRefusal) in
            guard !text.isEmpty else { throw SettingRefusal(mend: "Write \"*\" for every model.") }
        }
    }

    /// The name of a header field that requests upstream may carry.
    static var fieldName: SettingRule {
        .string(HeaderRules.allowed) { text throws(SettingRefusal) in _ = try HeaderRules.key(text) }
    }

    /// A file that is there and can be read.
    static var existingFile: SettingRule {
        let longest = 16 << 20
        return SettingRule(
            .path,
            decode: { value, path, decoding in
                guard let file = decoding.value(of: value, as: SettingRule.path, at: path) else { return nil }
                do throws(UnreadableFile) {
                    _ = try decoding.surroundings.contents(ofFile: file, limit: longest)
                    return file
                } catch {
                    let found = "\(value.found), \(error.reason)"
                    decoding.report(value, at: path, as: .path, found: found, mend: "Correct the path.")
                    return nil
                }
            },
            spell: { "\"\($0)\"" })
    }
}

extension SettingRule where Value == Secret {
    /// A proxy's URL; one with user name and password has to be a secret.
    static var proxy: SettingRule {
        let type = SettingType.url("an http:// or https:// URL, or a reference, \(SettingType.secret.limits)")
        return SettingRule(
            type,
            decode: { value, path, decoding in
                guard case .string(let text) = value, !text.hasPrefix("$") else {
                    return decoding.value(of: value, as: .secret, at: path).flatMap { secret in
                        checked(secret, value, path, decoding, type)
                    }
                }
                do throws(SettingRefusal) {
                    return Secret(try WebAddress(text).description, source: .settings)
                } catch {
                    decoding.report(value, at: path, as: type, found: error.found, mend: error.mend)
                    return nil
                }
            },
            spell: { "\"\($0)\"" })
    }

    /// A secret that is a proxy's URL, user name and password allowed; what it is instead is not shown.
    private static func checked(
        _ secret: Secret, _ value: SettingValue, _ path: SettingPath, _ decoding: SettingsDecoding,
        _ type: SettingType
    ) -> Secret? {
        let url = secret.reveal()
        let scheme = url.firstRange(of: "://").map { url[..<$0.upperBound] } ?? ""
        let authority = url[scheme.endIndex...]
        let bare = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if (try? WebAddress("\(scheme)\(bare)")) != nil { return secret }
        let found = "\(secret), which holds no such URL"
        decoding.report(
            value, at: path, as: type, found: found, mend: "Write http://user:password@host:port there.")
        return nil
    }
}
