package import ChatWire
package import MemoryCore

/// What a request says of its user in ways that are not ours: a signed identity, identity fields of known
/// clients, members of the body. Believed of callers that may name users; what is no name is passed over.
package struct ForeignClaims {
    private static let openWebUIToken = "X-OpenWebUI-User-Jwt"

    private let headers: HeaderFields
    private let members: RequestMembers
    private let caller: Caller

    /// The claims of a request.
    package init(_ headers: HeaderFields, _ members: RequestMembers, by caller: Caller) {
        self.headers = headers
        self.members = members
        self.caller = caller
    }

    /// The user, nil where nothing names one.
    ///
    /// - Throws: 401 for a signed identity that is forged or stale.
    package func user(signedBy openWebUI: SignedIdentity?, at now: Timestamp) throws(GatewayError) -> String?
    {
        guard caller.mayAssertUser else { return nil }
        if let openWebUI, let token = headers.first(Self.openWebUIToken) {
            return try openWebUI.subject(of: token, at: now)
        }
        let client = KnownClient(headers)
        return identityField(isSigned: openWebUI != nil)
            ?? members.safetyIdentifier.flatMap(Self.name)
            ?? (client.usesUserForConversations ? nil : members.user.flatMap(Self.name))
            ?? members.metadataUser.flatMap(Self.metadataName)
    }

    /// Where a client signs, what it does not sign is somebody else's.
    private func identityField(isSigned: Bool) -> String? {
        for field in KnownClient.userFields where !(isSigned && field.isSignedElsewhere) {
            if let name = headers.first(field.name).flatMap(Self.headerName) { return name }
        }
        return nil
    }

    private static func headerName(_ value: String) -> String? {
        guard IdentifierRules.faultOfHeader(value) == nil else { return nil }
        return name(IdentifierRules.decoded(header: value))
    }

    private static func name(_ text: String) -> String? {
        IdentifierRules.faultOfFreeText(text) == nil ? text : nil
    }

    /// Agents put a session behind the user, or a whole object there: of those only the user counts.
    private static func metadataName(_ text: String) -> String? {
        guard !text.hasPrefix("{") else { return nil }
        let user = text.firstRange(of: "_session_").map { text[..<$0.lowerBound] } ?? text[...]
        return name(String(user))
    }
}
