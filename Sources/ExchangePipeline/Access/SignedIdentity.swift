internal import Digests
internal import JSONBytes
package import MemoryCore

/// Checks who somebody's users are: JSON Web Tokens signed with HMAC-SHA-256 (RFC 7519, RFC 7518).
package struct SignedIdentity: Sendable {
    /// How far the clocks of two machines may differ, in seconds.
    private static let leeway = 30.0

    private let secret: [UInt8]
    private let issuer: String

    /// - Parameters:
    ///   - secret: shared with whoever signs.
    ///   - issuer: what `iss` has to be.
    package init(secret: [UInt8], issuer: String) {
        self.secret = secret
        self.issuer = issuer
    }

    /// The subject of a token.
    ///
    /// - Throws: 401 for one that is forged, stale, or another's.
    package func subject(of token: String, at now: Timestamp) throws(GatewayError) -> String {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw Self.refusal("is no JSON Web Token") }
        guard head["alg"]?.string == "HS256" else { throw Self.refusal("is not signed with HS256") }
        let signed = Array(token.utf8.prefix(parts[0].count + 1 + parts[1].count))
        guard Digest(hmac: signed, key: secret).matches(signature) else {
            throw Self.refusal("is not signed with gateway.identity.openWebUISecret")
        }
        guard claims["iss"]?.string == issuer else { throw Self.refusal("is not issued by '\(issuer)'") }
        guard case .number(let text)? = claims["exp"]?.content, let expiry = Double(text),
            expiry + Self.leeway > Double(now.microseconds) / 1e6
        else {
            throw Self.refusal("has expired, or does not say when it does")
        }
        guard let subject = claims["sub"]?.string, IdentifierRules.faultOfFreeText(subject) == nil else {
            throw Self.refusal("names nobody in 'sub'")
        }
        return subject
    }

    private static func object(_ part: Substring.UTF8View.SubSequence) -> JSONValue? {
        guard let bytes = Base64URL.decode(part), let value = try? JSONTreeParser.parse(bytes),
            case .object = value.content
        else { return nil }
        return value
    }

    private static func refusal(_ what: String) -> GatewayError {
        GatewayError(
            401, "invalid_identity",
            "The signed identity in X-OpenWebUI-User-Jwt \(what). Give Open WebUI and the gateway the same "
                + "secret, and see that both clocks are right.",
            param: "X-OpenWebUI-User-Jwt")
    }
}
