public import SettingsSchema

/// The URL of a server, taken apart: `http` or `https`, without user name, query and fragment.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
    /// The two schemes that are spoken.
    public enum Scheme: String, Hashable, Sendable {
        /// Without TLS, port 80.
        case http
        /// With TLS, port 443.
        case https
    }

    /// The scheme.
    public let scheme: Scheme
    /// The host.
    public let host: HostName
    /// The port, the scheme's own where none is written.
    public let port: Int
    /// The path without a trailing slash: `/v1`, or empty.
    public let basePath: String

    /// The address that a text spells.
    ///
    /// - Throws: a refusal whose words hold no user name, password, query or fragment.
    public init(_ text: String) throws(SettingRefusal) {
        let shown = Self.withoutSecrets(text)
        func refusal(_ mend: String) -> SettingRefusal {
            SettingRefusal(found: shown.quotedOnOneLine, mend: mend)
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw refusal("Remove spaces, and percent-encode characters outside ASCII.")
        }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let scheme = Scheme(rawValue: parts[0].lowercased()) else {
            throw refusal("Begin it with http:// or https://.")
        }
        guard !parts[1].contains("?"), !parts[1].contains("#") else {
            throw refusal("Remove the query or fragment.")
        }
        let authority = parts[1].prefix { $0 != "/" }
        guard !authority.contains("@") else {
            throw refusal("Remove user name and password; a credential is named by a secret reference.")
        }
        let bare = authority.last == "]" || !authority.contains(":")
        let colon = bare ? nil : authority.lastIndex(of: ":")
        guard let host = HostName(String(authority[..<(colon ?? authority.endIndex)])) else {
            throw refusal("Name a host behind \"://\".")
        }
        let port = colon.map { ListenAddress.port(authority[authority.index(after: $0)...]) } ?? scheme.port
        guard let port, port > 0 else {
            throw refusal("Write a port from 1 to 65535 behind the host, or none.")
        }
        let path = parts[1].dropFirst(authority.count)
        guard !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw refusal("Remove the dot segments from the path.")
        }
        self.scheme = scheme
        self.host = host
        self.port = port
        basePath = String(path.withoutTrailingSlashes)
    }

    /// Scheme, host and port, the port only where it is not the scheme's own: `http://127.0.0.1:11434`.
    public var origin: String { "\(scheme.rawValue)://\(host)" + (port == scheme.port ? "" : ":\(port)") }

    /// Origin and base path.
    public var description: String { origin + basePath }

    /// The text without what may be secret in it: user name and password, query, fragment.
    static func withoutSecrets(_ text: String) -> String {
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let (scheme, rest) = parts.count == 2 ? ("\(parts[0])://", parts[1]) : ("", text[...])
        let bare = rest.prefix { $0 != "?" && $0 != "#" }
        let tail = bare.endIndex == rest.endIndex ? "" : "\(rest[bare.endIndex])…"
        guard let at = bare.lastIndex(of: "@") else { return scheme + bare + tail }
        return scheme + "…" + bare[at...] + tail
    }
}

extension WebAddress.Scheme {
    /// The port where none is written.
    public var port: Int { self == .http ? 80 : 443 }
}

extension Substring {
    fileprivate var withoutTrailingSlashes: Substring {
        self[..<(lastIndex { $0 != "/" }.map(index(after:)) ?? startIndex)]
    }
}
