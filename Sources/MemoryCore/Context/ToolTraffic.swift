internal import ChatWire
internal import JSONBytes
internal import NIOCore

/// Tells a round's tool calls and results as one line of text in front of its reply, for requests that
/// declare no tools: many servers refuse such messages then, and a call without its result always.
enum ToolTraffic {
    /// The round without tool messages.
    static func told(_ turn: StoredTurn) -> [StoredTurn.Message] {
        var told: [StoredTurn.Message] = []
        var lines: [String] = []
        for message in turn.messages {
            if message.callsTools {
                lines += calls(message.body)
            } else if message.role == .tool || message.role == .function {
                lines.append("→ " + oneLine(text(message.body)))
            } else if message.role == .assistant, !lines.isEmpty {
                told.append(reply(lines, message))
                lines = []
            } else {
                told.append(message)
            }
        }
        if !lines.isEmpty, let last = turn.messages.last { told.append(reply(lines, last)) }
        return told
    }

    /// The line in front of what a message says; of one that calls tools that is told already.
    private static func reply(_ lines: [String], _ message: StoredTurn.Message) -> StoredTurn.Message {
        let line = "[Tools used: " + lines.joined(separator: " ") + "]"
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("role", "assistant")
            writer.member(
                "content", message.isToolTraffic ? line : line + "\n" + text(message.body))
        }
        let body = ByteBuffer(bytes: writer.bytes)
        return StoredTurn.Message(
            node: message.node, index: message.index, role: .assistant, status: message.status,
            callsTools: false, tokens: TokenEstimate.tokens(of: body), body: body)
    }

    /// `name({"city":"Paris"})` of each call, what was said beside the calls in front.
    private static func calls(_ body: ByteBuffer) -> [String] {
        guard let message = try? JSONTreeParser.parse(Array(body.readableBytesView)) else { return [] }
        var lines = [oneLine(text(body))].filter { !$0.isEmpty }
        for call in message["tool_calls"]?.elements ?? [] { lines.append(named(call["function"])) }
        if let call = message["function_call"] { lines.append(named(call)) }
        return lines
    }

    private static func named(_ function: JSONValue?) -> String {
        (function?["name"]?.string ?? "tool") + "(" + oneLine(function?["arguments"]?.string ?? "") + ")"
    }

    private static func text(_ body: ByteBuffer) -> String {
        String(decoding: MessageText.bytes(of: body), as: UTF8.self)
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
