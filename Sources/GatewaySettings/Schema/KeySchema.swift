import Digests
import SettingsSchema

/// The settings of a gateway key.
enum KeySchema {
    static let name = Setting<String?>.required(
        "name", .plainName, "What the key is called in logs and on the admin side.")
    static let sha256 = Setting<Digest?>.required(
        "sha256", .digest, "The SHA-256 of the key, 64 hex digits: the key itself stands nowhere.")
    static let tenant = Setting<String?>.optional(
        "tenant", .identifier, "Whom the data belongs to that comes with the key; else the key's name.")
    static let user = Setting<String?>.optional(
        "user", .identifier, "The user of requests that name none; else one by the key's name.")
    static let policy = Setting<String?>.optional(
        "policy", .plainName, "The policy of its requests; else `default`.")
    static let upstreamKey = Setting<Secret?>.optional(
        "upstreamKey", .secret, "The credential that goes up for it, instead of the upstream's.")
    static let mayAssertUser = Setting(
        "mayAssertUser", .boolean, default: false, "Whether its requests may name a user or a chat.")
    static let mayChoosePolicy = Setting(
        "mayChoosePolicy", .boolean, default: false, "Whether its requests may name another policy.")

    static let group = SettingGroup(
        "Keys of clients; with any, every request needs one.",
        [
            name.declaration, sha256.declaration, tenant.declaration, user.declaration, policy.declaration,
            upstreamKey.declaration, mayAssertUser.declaration, mayChoosePolicy.declaration,
        ])
}

extension SettingRule where Value == Digest {
    /// A digest; what is written instead is not shown, since it may be the key.
    static var digest: SettingRule {
        let type = SettingType.string("the SHA-256 of the key, 64 hex digits")
        return SettingRule(
            type,
            decode: { value, path, decoding in
                guard case .string(let text) = value else {
                    decoding.report(value, at: path, as: type, mend: "Write a string in quotes.")
                    return nil
                }
                if let digest = Digest(hex: text) { return digest }
                decoding.report(
                    value, at: path, as: type, found: "another text, which is not shown",
                    mend: "Write what `printf %s KEY | sha256sum` prints.")
                return nil
            },
            spell: { "\"\($0.hex)\"" })
    }
}
