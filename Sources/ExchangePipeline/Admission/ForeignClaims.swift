package import ChatWire
package import MemoryCore

/// What a request says of its user and its conversation in ways that are not ours: a signed identity, fields
/// of known clients, members of the body. What is no name is passed over.
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

    /// A conversation that a client names by itself.
    package struct Session: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// How it was found: `header` or `body`.
        package var resolution: String
        /// Whether the client sends the whole conversation each time.
        package var isResent: Bool
    }

    /// The conversation, nil where nothing names one.
    package var session: Session? {
        for field in KnownClient.sessionFields {
            guard let name = headers.first(field.name).flatMap(Self.headerName) else { continue }
            return Session(name: name, resolution: "header", isResent: field.isResent)
        }
        let byUser = KnownClient(headers).usesUserForConversations ? members.user : nil
        guard
            let name = (members.conversationIDs + [byUser].compactMap(\.self)).lazy.compactMap(Self.name)
                .first
        else { return nil }
        return Session(
            name: name, resolution: "body", isResent: byUser != nil && members.conversationIDs.isEmpty)
    }

    /// Whether the client marks the request as work beside the conversation.
    package var isSideTask: Bool {
        KnownClient.sideTaskFields.contains { headers.first($0).map { !$0.isEmpty } ?? false }
    }

    /// The user, nil where nothing names one, or the caller may not.
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
