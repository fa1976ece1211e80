public import SettingsSchema

/// An origin whose pages may use the gateway: `https://chat.example.com`, or `chrome-extension://*`, where
/// the star stands for an extension's id.
public struct OriginPattern: Hashable, Sendable, CustomStringConvertible {
    /// As browsers send it, lower case.
    public let description: String

    /// The pattern that a text spells.
    public init(_ text: String) throws(SettingRefusal) {
        let parts = text.lowercased().split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts[0].utf8.first, (0x61...0x7A).contains(first),
            parts[0].utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            })
        else { throw SettingRefusal(mend: "Write scheme and host, as in \"https://chat.example.com\".") }
        guard !parts[1].contains("/") else {
            throw SettingRefusal(mend: "Remove the path and the slash before it.")
        }
        if parts[1] == "*" {
            guard parts[0].hasSuffix("-extension") else {
                throw SettingRefusal(mend: "Name the host; * stands for the id of an extension only.")
            }
        } else {
            let isHost = HostName(String(parts[1])) != nil || ListenAddress(String(parts[1])) != nil
            guard isHost else {
                throw SettingRefusal(mend: "Write one host behind ://, with its port if it has one.")
            }
        }
        description = "\(parts[0])://\(parts[1])"
    }

    /// Whether a request's `Origin` is this one.
    public func matches(_ origin: String) -> Bool {
        let origin = origin.lowercased()
        guard description.hasSuffix("://*") else { return origin == description }
        let scheme = description.dropLast()
        let id = origin.dropFirst(scheme.count)
        return origin.hasPrefix(scheme) && !id.isEmpty && !id.contains("/")
    }
}
