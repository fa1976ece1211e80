internal import ExchangePipeline
internal import GatewaySettings
internal import SettingsSchema

/// What may call the admin listener, and where it comes from.
package struct GatewayToken: Sendable {
    /// Where a token comes from.
    package enum Source: Hashable, Sendable {
        /// The file at that path.
        case file(String)
        /// `gateway.adminToken`, and the reference that stands there.
        case settings(String)
        /// Made for this run.
        case run
    }

    /// The token.
    package let text: String
    /// Where it comes from.
    package let source: Source

    /// The settings' token, else the folder's, else one that nobody keeps.
    init(_ configuration: Configuration, _ folder: DataFolder?) throws {
        if let token = configuration.gateway.adminToken {
            text = token.reveal()
            source = .settings("\(token)")
        } else if let folder {
            text = try folder.adminToken()
            source = .file("\(configuration.gateway.data)/\(DataFolder.tokenFile)")
        } else {
            text = Self.made()
            source = .run
        }
    }

    /// A new token: 32 bytes of chance.
    static func made() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
}
