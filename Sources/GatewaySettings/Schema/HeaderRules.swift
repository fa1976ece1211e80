import SettingsSchema

/// Which header fields the settings may add to requests upstream.
enum HeaderRules {
    static let allowed = "the name of a header field that is not the connection's own"

    /// Framing and connection belong to the transport, so a setting cannot send them.
    private static let connectionFields = [
        "connection", "content-encoding", "content-length", "expect", "host", "keep-alive",
        "proxy-connection",
        "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// The form in which two names are the same, or a refusal.
    @Sendable
    static func key(_ name: String) throws(SettingRefusal) -> String {
        let isToken = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
        guard isToken, (1...256).contains(name.utf8.count) else {
            throw SettingRefusal(mend: "Write a field name, as in \"X-Title\".")
        }
        let key = name.lowercased()
        guard !connectionFields.contains(key) else { throw SettingRefusal(mend: "Remove it.") }
        return key
    }
}
