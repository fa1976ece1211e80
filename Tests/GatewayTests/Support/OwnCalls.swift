import GatewayTesting
import MemoryCore
import MemoryStore
import Testing

/// Calls of the gateway's own, and the sessions that they are about.
enum OwnCalls {
    static let summary = "Anna lives in Lyon and has a dog whose name is Rex."
    static let title = "Anna's dog"

    /// No call takes too long, however far a test moves time on while one is under way.
    static let patience = #""timeout":"24h","yield":false"#
    /// The same, of calls that make way.
    static let patientWay = #""timeout":"24h""#
    /// The same, of the server.
    static let patientServer =
        #""connectTimeout":"1h","firstByteTimeout":"24h","idleTimeout":"24h","totalTimeout":"24h""#

    /// A gateway with one session per user. Calls of its own make no way unless a test wants that.
    static func recipe(
        _ summary: String = patience, titles: Bool = false, engine: GatewayRecipe.Engine = .memory
    ) -> GatewayRecipe {
        var recipe = GatewayRecipe(
            policy: #""session":{"scope":"user","idle":"30m","titles":\#(titles)}"#, engine: engine)
        recipe.models = #""summary":{\#(summary)}"#
        recipe.upstream = patientServer
        return recipe
    }

    /// Answers chats with `a<n>`, and calls of the gateway's own as the test says; those are counted from 0.
    static func model(
        _ own: @escaping @Sendable (String, WireConnection, Int) async throws -> Void
    ) -> ScriptedUpstream.Script {
        let calls = Watched(0)
        return .requests { request, number, connection in
            guard let purpose = request["X-Memory-Purpose"] else {
                return try await connection.send(ModelReply.whole(ModelReply.completion("a\(number)")))
            }
            let count = calls.update { count in
                count += 1
                return count - 1
            }
            try await own(purpose, connection, count)
        }
    }

    /// Tells and names every session.
    static let telling = model { purpose, connection, _ in
        try await connection.send(whole(purpose == "title" ? title : summary))
    }

    /// Answers each call with what stands at its number, later ones with the summary.
    static func answering(_ replies: String...) -> ScriptedUpstream.Script {
        model { _, connection, number in
            try await connection.send(number < replies.count ? replies[number] : whole(summary))
        }
    }

    static func whole(_ text: String) -> String { ModelReply.whole(ModelReply.completion(text)) }

    static func refusal(_ status: String, fields: String = "") -> String {
        ModelReply.whole(#"{"error":{"message":"no"}}"#, status: status, fields: fields)
    }
}

extension ScriptedUpstream {
    /// What the gateway asked on its own behalf.
    func own(_ purpose: String? = nil) -> [WireMessage] {
        requests.filter {
            $0["X-Memory-Purpose"] != nil && (purpose ?? $0["X-Memory-Purpose"]) == $0["X-Memory-Purpose"]
        }
    }
}

extension TestGateway {
    /// Says something as a user.
    ///
    /// - Returns: the session's key.
    @discardableResult
    func says(
        _ text: String, as user: String = "anna", model: String? = nil, fields: String = ""
    ) async throws -> SessionKey {
        let member = model.map { #""model":"\#($0)","# } ?? ""
        let body = "{" + member + Turns.body(Turns.user(text)).dropFirst()
        let reply = try await chat(body, fields: "X-User-Id: \(user)\r\n" + fields)
        #expect(reply.status == 200)
        return SessionKey(tenant: "local", user: user, name: reply["X-Session-Id"] ?? "")
    }

    /// Lets half an hour pass, and a little more, so that what has ended is found.
    func passIdle() async throws { try await leap(1800) }

    /// Lets time pass at once, and a few seconds more one by one. What begins meanwhile begins behind the
    /// leap: what a call may take is counted from there.
    func leap(_ seconds: Double) async throws {
        wall.advance(by: .milliseconds(Int64(seconds * 1000)))
        for _ in 0..<3 { try await pass(1) }
    }

    /// How far a session is.
    func status(_ key: SessionKey) throws -> SessionStatus? { try storage.details(of: key)?.life.status }

    /// Lets time pass until a session is archived.
    func archives(_ key: SessionKey) async throws {
        try await works { try status(key) == .archived }
    }

    /// The texts of a session's chain.
    func told(_ key: SessionKey) throws -> [String] { try storage.summaries(of: key).map(\.text) }

    /// Who wrote the links of a session's chain.
    func sources(_ key: SessionKey) throws -> [SessionSummary.Source] {
        try storage.summaries(of: key).map(\.source)
    }

    /// Jobs that are to be done, without the clean-up that comes round and round.
    func activeJobs() throws -> [Job] {
        try storage.jobs(before: nil, count: 99) { $0.status.isActive && $0.kind != .cleanUp }
    }
}
