import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import Testing

/// Somebody who has told a session a word, and another word to one that has ended.
struct Victim: Sendable {
    /// Said in the session.
    static let said = "heliotrope"
    /// Stands in the end summary of the owner's earlier session.
    static let summarised = "obsidian"

    var owner = SessionOwner(tenant: "acme", .user, "anna")
    var session = "plans"
    /// How the victim's requests name owner and session.
    var naming = Attack(fields: Keys.field("acme") + "X-User-Id: anna\r\nX-Session-Id: plans\r\n")

    var key: SessionKey { SessionKey(owner, session) }

    /// The victim on a gateway without keys.
    static let withoutKeys = Victim(
        owner: SessionOwner(tenant: "local", .user, "anna"),
        naming: Attack(fields: "X-User-Id: anna\r\nX-Session-Id: plans\r\n"))

    /// Whoever is named nowhere, in a session.
    static let nobody = Victim(
        owner: SessionOwner(tenant: "local", .user, "default"),
        naming: Attack(fields: "X-Session-Id: plans\r\n"))

    /// A room that has a person's name.
    static let room = Victim(
        owner: SessionOwner(tenant: "local", .chat, "anna"),
        naming: Attack(fields: "X-Chat-Id: anna\r\nX-User-Id: carl\r\nX-Session-Id: plans\r\n"))
}

/// A gateway, a model server, and a victim whose words nobody else may see.
struct AttackScene {
    let gateway: TestGateway
    let upstream: ScriptedUpstream
    let victim: Victim

    /// The victim's earlier session ends, and the victim speaks.
    func begin() async throws {
        try seedEnded(victim.owner, Victim.summarised)
        try await victimSays("The word is \(Victim.said).")
    }

    /// An ended session of an owner, and its summary.
    func seedEnded(_ owner: SessionOwner, _ summary: String) throws {
        let ended = SessionKey(owner, "ended")
        let number = 900 + (try gateway.storage.statistics().sessions)
        let end = SessionSummary(
            session: ended, number: 1, parent: nil, purpose: .end, rounds: 1...1, anchor: 2,
            text: "They agreed on \(summary).", model: nil, createdAt: SampleTurns.moment(number))
        try gateway.storage.commit(.record(SampleTurns.turn(number, in: ended)), .summarise(end))
    }

    @discardableResult
    func victimSays(_ text: String, fields: String = "") async throws -> WireMessage {
        var request = victim.naming
        request.question = text
        let reply = try await gateway.chat(
            request.body, path: request.path, fields: request.fields + fields)
        #expect(reply.status == 200, "\(reply.head)\n\(reply.text)")
        return reply
    }

    /// The attack is answered as it has to be, shows neither word to anybody, and leaves the victim's session
    /// as it was.
    @discardableResult
    func withstand(
        _ attack: Attack, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> WireMessage {
        let sent = upstream.requests.count
        let kept = try gateway.storage.messages(of: victim.key).map(\.message.body)
        let reply = try await gateway.chat(attack.body, path: attack.path, fields: attack.fields)
        if let code = attack.code {
            try reply.expectError(attack.status, code, sourceLocation: sourceLocation)
        }
        let comment: Comment = "\(attack.testDescription): \(reply.head)"
        #expect(reply.status == attack.status, comment, sourceLocation: sourceLocation)
        let requests = upstream.requests[sent...]
        #expect(requests.isEmpty == (attack.status != 200), comment, sourceLocation: sourceLocation)
        for text in [reply.head, reply.text] + requests.flatMap({ [$0.head, $0.text] }) {
            let shows = text.contains(Victim.said) || text.contains(Victim.summarised)
            #expect(!shows, comment, sourceLocation: sourceLocation)
        }
        let now = try gateway.storage.messages(of: victim.key).map(\.message.body)
        #expect(now == kept, comment, sourceLocation: sourceLocation)
        return reply
    }

    /// The victim is still told both words: what the attacks did not get is there to be had.
    func expectVictimRemembers(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await victimSays("And now?")
        let told = try #require(upstream.requests.last).text
        #expect(told.contains(Victim.said), sourceLocation: sourceLocation)
        let isNobody = victim.owner.name == "default"
        #expect(told.contains(Victim.summarised) != isNobody, sourceLocation: sourceLocation)
    }
}

/// Runs attacks against a victim who has spoken, and holds at the end that the victim's memory is whole.
func withVictim(
    _ victim: Victim, _ recipe: GatewayRecipe, _ script: ScriptedUpstream.Script = .numbered,
    _ body: (AttackScene) async throws -> Void
) async throws {
    try await withGateway(recipe, script) { gateway, upstream in
        let scene = AttackScene(gateway: gateway, upstream: upstream, victim: victim)
        try await scene.begin()
        try await body(scene)
        try await scene.expectVictimRemembers()
    }
}
