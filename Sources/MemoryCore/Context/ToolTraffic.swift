internal import ChatWire
internal import JSONBytes
internal import NIOCore

/// Tells a round's tool calls and results as one line of text in front of its reply, for requests that
/// declare no tools: many servers refuse such messages then, and a call without its result always.
enum ToolTraffic {
    /// The round without tool messages.
    static func told(_ turn: StoredTurn) -> [ReplayedMessage] {
        var told: [ReplayedMessage] = []
        var lines: [String] = []
        for message in turn.messages {
            if message.callsTools {
                lines += calls(message.body)
            } else if message.role == .tool || message.role == .function {
                lines.append("→ " + oneLine(text(message.body)))
            } else if message.role == .assistant, !lines.isEmpty {
                told.append(reply(lines, message.body))
                lines = []
            } else {
                told.append(ReplayedMessage(body: message.body, tokens: message.tokens))
            }
        }
        if !lines.isEmpty { told.append(reply(lines, nil)) }
        return told
    }

    private static func reply(_ lines: [String], _ body: ByteBuffer?) -> ReplayedMessage {
        let line = "[Tools used: " + lines.joined(separator: " ") + "]"
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("role", "assistant")
            writer.member("content", body.map { line + "\n" + text($0) } ?? line)
        }
        let message = ByteBuffer(bytes: writer.bytes)
        return ReplayedMessage(body: message, tokens: TokenEstimate.tokens(of: message))
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
