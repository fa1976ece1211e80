import RepeatableRandom

/// Chat requests at random: members in any order and spelling, white space anywhere, perhaps a `memory`.
struct RandomRequest {
    /// The members as written, name and value, in order.
    private(set) var members: [String] = []
    /// The messages as written.
    private(set) var messages: [String] = []
    /// The whole body.
    private(set) var body = ""
    var random: SeededRandom

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        for _ in 0..<Int.random(in: 0...4, using: &random) { messages.append(message()) }
        let list = "[" + space() + messages.map { $0 + space() }.joined(separator: "," + space()) + "]"
        members.append(pick([#""messages""#, #""mess\u0061ges""#]) + space() + ":" + space() + list)
        let others = [
            #""temperature":1.0"#, #""seed":12345678901234567890"#, #""seed":1"#, #""x":{"messages":[{}]}"#,
            #""é":"\ud800""#,
            #""stop":["\n","}"]"#,
        ]
        for other in others where Bool.random(using: &random) { members.append(other) }
        if Bool.random(using: &random) {
            members.append(
                pick([#""memory" : {"session":"s,}"}"#, #""memor\u0079":{ }"#, #""memory":{"x":[{}]}"#]))
        }
        members.shuffle(using: &random)
        let spaced = members.map { member in space() + member + space() }
        body = space() + "{" + spaced.joined(separator: ",") + "}" + space()
    }

    private mutating func message() -> String {
        pick([
            #"{"role":"user","content":"Hi, 世界"}"#, #"{ "content" : null , "role" : "assistant" }"#,
            #"{"role":"x"}"#,
            #"{"role":"tool","tool_call_id":"a","content":"]}\","}"#,
            #"{"role":"user","content":[{"type":"text"}]}"#,
        ])
    }

    private mutating func space() -> String {
        pick(["", "", " ", "\n  ", "\t"])
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
