package import ChatWire
package import Digests

/// Who may use the gateway: everybody where it has no keys, else who shows one. Without keys each credential
/// may be a tenant of its own.
package struct AccessTable: Sendable {
    /// Where clients put their credential: OpenAI's field first, then those of Azure and Anthropic.
    private static let credentialFields = ["Authorization", "api-key", "x-api-key"]

    private let callers: [Digest: Caller]
    private let tenantSecret: [UInt8]?

    /// Access by the digests of keys; empty for a gateway without keys.
    ///
    /// - Parameter tenantSecret: makes tenants of clients' credentials; nil for one tenant.
    package init(_ callers: [Digest: Caller] = [:], tenantSecret: [UInt8]? = nil) {
        self.callers = callers
        self.tenantSecret = tenantSecret
    }

    /// Whether a request needs a key.
    package var needsKey: Bool { !callers.isEmpty }

    /// Whom a request comes from. A key of ours is taken out of the fields, wherever it stands: it is nobody
    /// else's business.
    ///
    /// - Throws: 401 where a key is needed and none of ours is shown, 400 where the target holds it too.
    package func admit(_ headers: inout HeaderFields, target: String) throws(GatewayError) -> Caller {
        guard needsKey else { return try anyone(headers) }
        guard let credential = Self.credential(headers) else {
            throw GatewayError(
                401, "missing_api_key",
                "This gateway needs a key: give the client one as its API key, which it sends as "
                    + "'Authorization: Bearer …'.")
        }
        guard let caller = callers[Digest(sha256: Array(credential.utf8))] else {
            throw GatewayError(
                401, "invalid_api_key",
                "The API key is none of this gateway's keys. Ask whoever runs it for one, or add its SHA-256 "
                    + "to keys in plugins.json.")
        }
        if Self.holds(target, credential) {
            throw GatewayError(
                400, "key_in_target",
                "The URL holds the gateway's key, which would go to the model server and into logs. Send it "
                    + "in 'Authorization' alone.")
        }
        headers.pairs.removeAll { Self.holds($0.1, credential) }
        Self.removeCredentials(from: &headers)
        return caller
    }

    /// Whoever reaches a gateway without keys.
    private func anyone(_ headers: HeaderFields) throws(GatewayError) -> Caller {
        guard let tenantSecret else { return .anyone }
        guard let credential = Self.credential(headers) else {
            throw GatewayError(
                401, "missing_api_key",
                "This gateway keeps a memory for each API key: give the client one, which it sends as "
                    + "'Authorization: Bearer …'.")
        }
        let code = Digest(hmac: Array("tenant:".utf8) + credential.utf8, key: tenantSecret)
        return Caller(tenant: "credential-" + code.hex.prefix(32))
    }

    /// Takes the fields away in which clients send credentials.
    static func removeCredentials(from headers: inout HeaderFields) {
        for name in credentialFields { headers.removeAll(name) }
    }

    /// A short key stands in many a text by chance.
    private static func holds(_ text: String, _ credential: Substring) -> Bool {
        credential.utf8.count < 8 ? text == credential : text.firstRange(of: credential) != nil
    }

    private static func credential(_ headers: HeaderFields) -> Substring? {
        for name in credentialFields {
            guard let value = headers.first(name) else { continue }
            let isBearer = name == "Authorization"
            guard let token = isBearer ? bearerToken(value) : value[...], !token.isEmpty else { continue }
            return token
        }
        return nil
    }

    private static func bearerToken(_ value: String) -> Substring? {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].drop { $0 == " " }
    }
}
