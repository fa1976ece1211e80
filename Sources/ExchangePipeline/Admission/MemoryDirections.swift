package import ChatWire
internal import SettingsSchema

/// What a request says to memory, through the base URL, its headers and its `memory` member: the URL wins
/// over headers, headers over the body.
package struct MemoryDirections: Hashable, Sendable {
    /// The session's name, if one was given.
    package var session: String?
    /// The conversation that the client names by itself; counts where no session was given.
    package var foreignSession: ForeignClaims.Session?
    /// Whether anything names the session.
    package var namesSession: Bool { session != nil || foreignSession != nil }
    /// The user's name, if one was given.
    package var user: String?
    /// The room, if one was given.
    package var chat: String?
    /// The policy.
    package private(set) var policy: String
    /// How many messages the window of this request may hold, if it says so.
    package private(set) var window: Int?
    /// What to do.
    package var mode = MemoryMode.full
    /// The side task that the client names, if any.
    package var task: String?

    private let caller: Caller
    private let policies: [String]
    private var isPolicyNamed = false

    /// Reads what base URL and headers say.
    ///
    /// - Parameter policies: the names of those there are.
    /// - Throws: 400 for what says nothing, 403 for what the caller may not say.
    package init(
        _ names: InboundCall.Names, _ headers: HeaderFields, from caller: Caller, policies: [String]
    ) throws(GatewayError) {
        self.caller = caller
        self.policies = policies
        policy = caller.policy
        let session = try Self.identifier(headers, ["X-Session-Id", "X-Memory-Session-Id"], "session")
        let user = try Self.identifier(headers, ["X-User-Id", "X-Memory-User-Id"], "user")
        self.session = names.session ?? session
        self.user = names.user ?? user
        if let mode = headers.first("X-Memory-Mode") {
            self.mode = try Self.mode(mode, from: "X-Memory-Mode")
        }
        task = headers.first("X-Memory-Task").flatMap { $0.isEmpty ? nil : $0 }
        try checkUser(self.user)
        try checkPolicy(headers.first("X-Memory-Policy"))
        try checkPolicy(names.policy)
        let named = names.policy ?? headers.first("X-Memory-Policy")
        isPolicyNamed = named != nil
        policy = named ?? caller.policy
        if headers.contains("X-Chat-Id") {
            try checkChat()
            chat = try Self.identifier(headers, ["X-Chat-Id"], "chat")
        }
    }

    /// Adds what the body says, where nothing else spoke.
    package mutating func add(_ memory: MemoryMember, _ headers: HeaderFields) throws(GatewayError) {
        session = session ?? memory.session
        try checkUser(memory.user)
        if memory.chat != nil { try checkChat() }
        chat = chat ?? memory.chat
        window = memory.window.map { min(200, max(5, $0)) }
        user = user ?? memory.user
        task = task ?? memory.task
        if let mode = memory.mode {
            let given = try Self.mode(mode, from: "memory.mode")
            if !headers.contains("X-Memory-Mode") { self.mode = given }
        }
        try checkPolicy(memory.policy)
        if let named = memory.policy, !isPolicyNamed { policy = named }
        try Self.refuseLaterMembers(memory)
    }

    private static func refuseLaterMembers(_ memory: MemoryMember) throws(GatewayError) {
        let later = [
            ("state", memory.state != nil), ("vars", memory.vars != nil),
            ("passive", memory.passive != nil), ("reset", memory.reset != nil),
            ("clear", memory.clear != nil),
        ]
        if let (name, _) = later.first(where: { $0.1 }) { throw notInThisVersion("memory.\(name)") }
        guard let name = memory.unknown.first else { return }
        throw GatewayError(
            400, "invalid_request",
            "There is no member \(name.quotedOnOneLine) of memory; it takes session, user, chat, mode, "
                + "policy, task and window.",
            param: "memory")
    }

    private static func notInThisVersion(_ name: String) -> GatewayError {
        GatewayError(400, "not_in_this_version", "\(name) is not in this version; leave it out.", param: name)
    }

    private static func identifier(
        _ headers: HeaderFields, _ names: [String], _ what: String
    ) throws(GatewayError) -> String? {
        for name in names {
            guard let value = headers.first(name) else { continue }
            if let fault = IdentifierRules.faultOfHeader(value) { throw invalid(name, what, fault) }
            let decoded = IdentifierRules.decoded(header: value)
            if let fault = IdentifierRules.faultOfFreeText(decoded) { throw invalid(name, what, fault) }
            return decoded
        }
        return nil
    }

    private static func invalid(_ name: String, _ what: String, _ fault: String) -> GatewayError {
        GatewayError(
            400, "invalid_\(what)_id",
            "\(name) \(fault); it takes 1 to 256 visible ASCII characters ('!' to '~'), others "
                + "percent-encoded.",
            param: name)
    }

    private static func mode(_ text: String, from name: String) throws(GatewayError) -> MemoryMode {
        if let mode = MemoryMode(rawValue: text) { return mode }
        throw GatewayError(
            400, "invalid_mode", "\(name) is \(text.quotedOnOneLine); it takes full, read, write or off.",
            param: name)
    }

    private func checkUser(_ name: String?) throws(GatewayError) {
        guard name != nil, !caller.mayAssertUser else { return }
        throw GatewayError(
            403, "user_not_allowed",
            "This key stands for one user and may not name another. Leave the user out, or set mayAssertUser "
                + "for the key in plugins.json.")
    }

    private func checkChat() throws(GatewayError) {
        guard !caller.mayAssertUser else { return }
        throw GatewayError(
            403, "chat_not_allowed",
            "This key may not name a chat. Leave the chat out, or set mayAssertUser for the key in "
                + "plugins.json.")
    }

    private func checkPolicy(_ name: String?) throws(GatewayError) {
        guard let name, name != caller.policy else { return }
        guard caller.mayChoosePolicy else {
            throw GatewayError(
                403, "policy_not_allowed",
                "This key may not choose a policy. Leave the policy out, or set mayChoosePolicy for the key "
                    + "in plugins.json.")
        }
        guard !policies.contains(name) else { return }
        throw GatewayError(
            400, "invalid_policy",
            "There is no policy \(name.quotedOnOneLine); this gateway has: "
                + policies.joined(separator: ", ") + ".")
    }
}
