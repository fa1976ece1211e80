internal import ChatWire
internal import JSONBytes
internal import UpstreamClient

/// The HTTP side of the demo model: what it answers to a request, whole.
struct DemoReply {
    /// The head.
    var head: UpstreamReplyHead
    /// The body in the pieces it is sent in.
    var pieces: [[UInt8]]

    /// The reply to a request of that method, path and body.
    static func reply(method: String, path: String, body: [UInt8]) -> DemoReply {
        switch (method, path) {
        case ("GET", "/v1/models"): return json(200, models())
        case ("POST", "/v1/chat/completions"): return chat(body)
        default:
            return json(
                404, error("The demo model serves /v1/models and /v1/chat/completions only.", "not_found"))
        }
    }

    private static func chat(_ body: [UInt8]) -> DemoReply {
        guard let request = try? JSONTreeParser.parse(body), let messages = request["messages"]?.elements
        else {
            return json(400, error("The body is no chat request: 'messages' is missing.", "invalid_request"))
        }
        let conversation = messages.map { message in
            DemoModel.Message(role: message["role"]?.string ?? "", text: text(message["content"]))
        }
        let answer = DemoModel.answer(to: conversation)
        let promptTokens = conversation.reduce(0) { $0 + $1.text.utf8.count / 4 + 4 }
        let completion = DemoCompletion(text: answer, promptTokens: promptTokens)
        guard case .bool(true)? = request["stream"]?.content else { return json(200, completion.body()) }
        var wantsUsage = false
        if case .bool(true)? = request["stream_options"]?["include_usage"]?.content { wantsUsage = true }
        let head = UpstreamReplyHead(
            status: 200, reason: "OK", headers: HeaderFields([("Content-Type", "text/event-stream")]))
        return DemoReply(head: head, pieces: completion.events(withUsage: wantsUsage))
    }

    private static func text(_ content: JSONValue?) -> String {
        if let text = content?.string { return text }
        return (content?.elements ?? []).compactMap { $0["text"]?.string }.joined(separator: "\n")
    }

    private static func json(_ status: Int, _ body: [UInt8]) -> DemoReply {
        let headers = HeaderFields([
            ("Content-Type", "application/json"), ("Content-Length", String(body.count)),
        ])
        return DemoReply(
            head: UpstreamReplyHead(status: status, reason: "", headers: headers), pieces: [body])
    }

    private static func models() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("object", "list")
            writer.member("data") { writer in
                writer.array { writer in
                    writer.object { writer in
                        writer.member("id", DemoModel.name)
                        writer.member("object", "model")
                        writer.member("created", 0)
                        writer.member("owned_by", "memgate")
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func error(_ message: String, _ code: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("error") { writer in
                writer.object { writer in
                    writer.member("message", message)
                    writer.member("type", "invalid_request_error")
                    writer.member("param") { $0.null() }
                    writer.member("code", code)
                }
            }
        }
        return writer.bytes
    }
}
