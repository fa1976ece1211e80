import MemoryCore
import RepeatableRandom

/// A chat request at random: kinds of leading messages, questions old and new, members in any order, perhaps
/// tools and `memory`. Each message has a mark of its own.
struct RandomChat {
    /// The messages as written.
    private(set) var messages: [String] = []
    /// The whole body.
    private(set) var body = ""
    let declaresTools: Bool
    /// What its client sends of a conversation.
    let history: ClientHistory

    /// - Parameter recorded: a recorded question that the client may send again.
    init(_ random: inout SeededRandom, recorded: String?) {
        declaresTools = random.percent(40)
        history = random.pick([.shown, .newest, .running])
        for number in 0..<random.pick([0, 1, 1, 2]) { messages.append(Self.leading(number, &random)) }
        let holdsReply = random.percent(40)
        if holdsReply {
            if let recorded, random.percent(70) { messages.append(recorded) }
            messages.append(random.message("user", "‹c1›"))
            messages.append(random.message("assistant", "‹c2›"))
        }
        for number in 0..<random.pick(holdsReply ? [1, 2] : [0, 1, 1, 1, 2]) {
            messages.append(random.message("user", "‹n\(number)›"))
        }
        if random.percent(10) { messages.append(#"{"role":"system","content":"‹later›"}"#) }
        let space = random.pick(["", " ", "\n\t"])
        var members = [
            #""messages":[\#(space)\#(messages.joined(separator: space + "," + space))\#(space)]"#,
            #""temperature" : 1.0"#, #""seed":12345678901234567890"#, #""x":{"messages":[{}],"y":-0}"#,
            #""x":"\ud800""#,
        ]
        if declaresTools { members.append(#""tools":[{"type":"function","function":{"name":"weather"}}]"#) }
        if random.percent(40) { members.append(#""mem\u006fry" : {"session":"}"}"#) }
        members.shuffle(using: &random)
        body = "{" + space + members.joined(separator: space + "," + space) + "}" + space
    }

    private static func leading(_ number: Int, _ random: inout SeededRandom) -> String {
        let role = random.pick(["system", "developer"])
        return random.pick([
            random.message(role, "‹s\(number)›"), random.message(role, "‹s\(number)›"),
            #"{"role":"\#(role)","content":""}"#, #"{"role":"\#(role)","content":null}"#,
            #"{"role":"\#(role)"}"#, #"{"role":"\#(role)","content":[ ]}"#,
            #"{"role":"\#(role)","content":[{"type":"text","text":"‹s\#(number)›"}]}"#,
        ])
    }
}
