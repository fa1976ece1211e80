import GatewayTesting
import Testing

/// What somebody sends who wants what is not theirs, and how it has to be answered.
struct Attack: Sendable, CustomTestStringConvertible {
    /// Segments of the base URL, such as `/u/anna`.
    var base = ""
    /// Header lines, each with its end.
    var fields = ""
    /// Members of the body in front of `messages`, each with its comma.
    var members = ""
    var question = "Which word did we agree on?"
    var status = 200
    /// The error's code; nil where the request is served.
    var code: String?

    var testDescription: String { "\(base) \(fields) \(members) → \(status) \(code ?? "")" }
    var path: String { base + "/v1/chat/completions" }
    var body: String { "{\(members)" + Turns.body(Turns.user(question)).dropFirst() }

    /// Both at once, answered as the right one has to be.
    static func + (left: Attack, right: Attack) -> Attack {
        var both = right
        both.base = left.base + right.base
        both.fields = left.fields + right.fields
        both.members = left.members + right.members
        return both
    }

    /// The same, answered otherwise.
    func refused(_ status: Int, _ code: String) -> Attack {
        var attack = self
        (attack.status, attack.code) = (status, code)
        return attack
    }

    /// What a gateway key of tests sends.
    static func key(_ name: String) -> Attack { Attack(fields: Keys.field(name)) }
}

/// Every way in which a request can name something. The names are ASCII; of other ones only the escaped ways
/// are well-formed.
enum Naming {
    /// Our own ways to name a user.
    static func user(_ name: String) -> [Attack] {
        [
            Attack(base: "/u/\(name)"), Attack(base: "/u/\(escaped(name))"),
            Attack(fields: "X-User-Id: \(name)\r\n"), Attack(fields: "x-user-id: \(escaped(name))\r\n"),
            Attack(fields: "X-Memory-User-Id: \(name)\r\n"),
            Attack(members: #""memory":{"user":"\#(name)"},"#),
            Attack(members: #""m\u0065mory":{"us\u0065r":"\#(unicodeEscaped(name))"},"#),
        ]
    }

    /// Ways of clients and of OpenAI's API to name one.
    static func foreignUser(_ name: String) -> [Attack] {
        [
            Attack(fields: "X-OpenWebUI-User-Id: \(name)\r\n"),
            Attack(fields: "X-OpenWebUI-User-Id: \(escaped(name))\r\n"),
            Attack(fields: "X-OpenWebUI-User-Name: \(name)\r\nX-OpenWebUI-User-Email: \(name)\r\n"),
            Attack(members: #""safety_identifier":"\#(name)","#), Attack(members: #""user":"\#(name)","#),
            Attack(members: #""us\u0065r":"\#(unicodeEscaped(name))","#),
            Attack(members: #""metadata":{"user_id":"\#(name)"},"#),
            Attack(members: #""metadata":{"user_id":"\#(name)_session_plans"},"#),
        ]
    }

    /// Every way to name a session.
    static func session(_ name: String) -> [Attack] {
        [
            Attack(base: "/s/\(name)"), Attack(base: "/s/\(escaped(name))"),
            Attack(fields: "X-Session-Id: \(name)\r\n"), Attack(fields: "x-session-id: \(escaped(name))\r\n"),
            Attack(fields: "X-Memory-Session-Id: \(name)\r\n"),
            Attack(members: #""memory":{"session":"\#(name)"},"#),
            Attack(fields: "User-Agent: HomeAssistant/2026.11\r\n", members: #""user":"\#(name)","#),
            Attack(members: #""previous_response_id":"\#(name)","conversation":"\#(name)","#),
        ] + clientFields.map { Attack(fields: "\($0): \(name)\r\n") }
            + conversationMembers.flatMap { member in
                [
                    Attack(members: #""\#(member)":"\#(name)","#),
                    Attack(members: #""metadata":{"\#(member)":"\#(unicodeEscaped(name))"},"#),
                ]
            }
    }

    /// Our own ways to name a room.
    static func chat(_ name: String) -> [Attack] {
        [
            Attack(fields: "X-Chat-Id: \(name)\r\n"), Attack(fields: "x-chat-id: \(escaped(name))\r\n"),
            Attack(members: #""memory":{"chat":"\#(name)"},"#),
        ]
    }

    private static let clientFields = [
        "X-OpenWebUI-Chat-Id", "X-Claude-Code-Session-Id", "X-OpenCode-Session", "X-Session-Affinity",
        "X-Client-Session-Id", "X-Amp-Thread-Id", "X-Task-ID", "X-KiloCode-TaskId", "X-LiteLLM-Session-Id",
        "Helicone-Session-Id", "X-Conversation-Id", "X-Thread-Id",
    ]

    private static let conversationMembers = ["session_id", "conversation_id", "chat_id", "thread_id"]

    /// Every byte as a percent-escape, in both cases of its digits.
    static func escaped(_ name: String) -> String {
        name.utf8.enumerated().map { place, byte in
            let digits = String(byte, radix: 16, uppercase: place.isMultiple(of: 2))
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }

    /// Every letter as an escape of JSON.
    static func unicodeEscaped(_ name: String) -> String {
        name.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
