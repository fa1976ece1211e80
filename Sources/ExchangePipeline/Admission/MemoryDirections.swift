package import ChatWire

/// What a request says to memory, through the base URL, its headers and its `memory` member: the URL wins
/// over headers, headers over the body.
package struct MemoryDirections: Hashable, Sendable {
    /// The session's name, if one was given.
    package var session: String?
    /// The user's name, if one was given.
    package var user: String?
    /// What to do.
    package var mode = MemoryMode.full
    /// The side task that the client names, if any.
    package var task: String?

    /// Reads what base URL and headers say.
    package init(_ names: InboundCall.Names, _ headers: HeaderFields) throws(GatewayError) {
        let session = try Self.identifier(headers, ["X-Session-Id", "X-Memory-Session-Id"], "session")
        let user = try Self.identifier(headers, ["X-User-Id", "X-Memory-User-Id"], "user")
        self.session = names.session ?? session
        self.user = names.user ?? user
        if let mode = headers.first("X-Memory-Mode") {
            self.mode = try Self.mode(mode, from: "X-Memory-Mode")
        }
        task = headers.first("X-Memory-Task").flatMap { $0.isEmpty ? nil : $0 }
        try Self.checkPolicy(names.policy ?? headers.first("X-Memory-Policy"))
        if headers.contains("X-Chat-Id") { throw Self.notInThisVersion("X-Chat-Id") }
    }

    /// Adds what the body says, where nothing else spoke.
    package mutating func add(_ memory: MemoryMember, _ headers: HeaderFields) throws(GatewayError) {
        session = session ?? memory.session
        user = user ?? memory.user
        task = task ?? memory.task
        if let mode = memory.mode {
            let given = try Self.mode(mode, from: "memory.mode")
            if !headers.contains("X-Memory-Mode") { self.mode = given }
        }
        try Self.checkPolicy(memory.policy)
        try Self.refuseLaterMembers(memory)
    }

    private static func refuseLaterMembers(_ memory: MemoryMember) throws(GatewayError) {
        let later = [
            ("chat", memory.chat != nil), ("state", memory.state != nil), ("vars", memory.vars != nil),
            ("passive", memory.passive != nil), ("reset", memory.reset != nil),
            ("clear", memory.clear != nil), ("window", memory.window != nil),
        ]
        if let (name, _) = later.first(where: { $0.1 }) { throw notInThisVersion("memory.\(name)") }
        guard let name = memory.unknown.first else { return }
        throw GatewayError(
            400, "invalid_request",
            "There is no memory.\(name.prefix(80)); memory takes session, user, mode, policy and task.",
            param: "memory.\(name.prefix(80))")
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
            400, "invalid_mode", "\(name) is '\(text.prefix(80))'; it takes full, read, write or off.",
            param: name)
    }

    private static func checkPolicy(_ name: String?) throws(GatewayError) {
        guard let name, name != "default" else { return }
        throw GatewayError(
            400, "invalid_policy", "There is no policy '\(name.prefix(80))'; this gateway has: default.")
    }
}
