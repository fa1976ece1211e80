public import SettingsSchema

/// One of the paths that a shared gateway passes on, as `upstreams.paths` writes it.
///
/// - `models`: OpenAI's path `/v1/models` and everything below it, with and without the `/v1`;
/// - `/api/show`: that path and everything below it, below the upstream's base without its `/v1`;
/// - `POST responses`: with a method, exactly that path. What a shared credential has stored lies below it,
///   and belongs to others.
public struct PathRule: Hashable, Sendable, CustomStringConvertible {
    /// The method, upper case; nil for all of them, and then paths below count as well.
    public let method: String?
    /// The path: absolute, or relative to `/v1`.
    public let path: String

    /// The rule that a text spells.
    public init(_ text: String) throws(SettingRefusal) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let last = words.last, words.count <= 2 else {
            throw SettingRefusal(mend: "Write a path, or a method and a path with one space between.")
        }
        if words.count == 2 {
            guard !words[0].isEmpty, words[0].utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw SettingRefusal(mend: "Write the method in capital letters, as in \"POST responses\".")
            }
        }
        let segments = last.drop { $0 == "/" }.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = segments.allSatisfy { segment in
            !segment.isEmpty && segment != "." && segment != ".."
                && segment.utf8.allSatisfy { byte in
                    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                        || "-._~".utf8.contains(byte)
                }
        }
        guard isPlain, !segments.isEmpty, !last.hasPrefix("//"), !last.hasPrefix("/v1/"), last != "/v1" else {
            throw SettingRefusal(
                mend: "Write a path like \"models\" (below /v1) or \"/api/chat\", without patterns.")
        }
        method = words.count == 2 ? String(words[0]) : nil
        path = String(last)
    }

    /// Whether a request may pass by this rule.
    ///
    /// - Parameter path: the request's path without query, its dot segments refused before: `/v1/models`.
    public func allows(method: String, path requested: Substring) -> Bool {
        if let own = self.method, own != method { return false }
        var rest = requested.utf8
        if path.utf8.first != UInt8(ascii: "/") {
            if rest.starts(with: "/v1/".utf8) { rest = rest.dropFirst(3) }
            guard rest.first == UInt8(ascii: "/") else { return false }
            rest = rest.dropFirst()
        }
        guard rest.starts(with: path.utf8) else { return false }
        let below = rest.dropFirst(path.utf8.count).first
        return below == nil || self.method == nil && below == UInt8(ascii: "/")
    }

    /// As plugins.json writes it.
    public var description: String { method.map { "\($0) \(path)" } ?? path }
}
