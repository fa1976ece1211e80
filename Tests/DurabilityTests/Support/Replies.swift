/// What the scripted upstream writes.
enum Replies {
    /// The text of a reply: nothing but its marker decides it.
    static func text(_ marker: String) -> String { "reply ((\(marker))) with six further words and an end" }

    /// A whole reply, plain or streamed as the request wants it.
    static func answer(_ request: ScriptedModel.Request) -> [ScriptedModel.Step] {
        request.isStream ? stream(request.marker) : plain(request.marker)
    }

    /// A plain reply.
    static func plain(_ marker: String, text: String? = nil) -> [ScriptedModel.Step] {
        let body = plainBody(marker, text: text ?? self.text(marker))
        return [.send(plainHead(body.utf8.count) + body)]
    }

    static func plainHead(_ length: Int) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n"
    }

    static func plainBody(_ marker: String, text: String) -> String {
        #"{"id":"chatcmpl-\#(marker)","object":"chat.completion","created":1,"model":"scripted","choices":"#
            + #"[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"stop"}],"#
            + #""usage":{"prompt_tokens":3,"completion_tokens":9,"total_tokens":12},"tail":"end of \#(marker)."}"#
    }

    /// A streamed reply, an event a word.
    static func stream(_ marker: String, text: String? = nil) -> [ScriptedModel.Step] {
        var steps: [ScriptedModel.Step] = [
            .send(streamHead), .send(event(marker, #"{"role":"assistant","content":""}"#)),
        ]
        for word in words(text ?? self.text(marker)) {
            steps.append(.send(event(marker, #"{"content":"\#(word)"}"#)))
        }
        return steps + [.send(finish(marker)), .send(done)]
    }

    /// A reply, plain or streamed as the request wants it, that stops after its first words.
    ///
    /// - Parameters:
    ///   - reached: happens when these are on their way.
    ///   - release: lets the rest follow.
    static func held(
        _ request: ScriptedModel.Request, reached: Event<Void>, until release: Event<Void>
    ) -> [ScriptedModel.Step] {
        if request.isStream {
            var steps = stream(request.marker)
            steps.insert(contentsOf: [.fire(reached), .wait(release)], at: 5)
            return steps
        }
        let body = plainBody(request.marker, text: text(request.marker))
        let cut = body.count / 2
        return [
            .send(plainHead(body.utf8.count) + body.prefix(cut)), .fire(reached), .wait(release),
            .send(String(body.dropFirst(cut))),
        ]
    }

    static let streamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    static func event(_ marker: String, _ delta: String, finish: String = "null") -> String {
        chunk(
            #"data: {"id":"chatcmpl-\#(marker)","object":"chat.completion.chunk","created":1,"model":"scripted","#
                + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"# + "\n\n")
    }

    static func finish(_ marker: String) -> String { event(marker, "{}", finish: #""stop""#) }

    static let done = chunk("data: [DONE]\n\n") + "0\r\n\r\n"

    static func chunk(_ text: String) -> String {
        String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n"
    }

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").enumerated().map { $0 == 0 ? String($1) : " \($1)" }
    }
}
