/// Replies as model servers write them.
package enum ModelReply {
    /// A plain chat completion.
    package static func completion(_ text: String, finish: String = "stop") -> String {
        #"{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":"#
            + #"{"role":"assistant","content":"\#(text)"},"finish_reason":"\#(finish)"}],"#
            + #""usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#
    }

    /// One event of a stream that carries text.
    package static func delta(_ text: String) -> String {
        event(#"{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}"#)
    }

    /// The event that finishes a stream's only choice.
    package static let finish = event(#"{"index":0,"delta":{},"finish_reason":"stop"}"#)

    /// The last event.
    package static let done = "data: [DONE]\n\n"

    /// A whole stream.
    package static func stream(_ texts: String...) -> String {
        texts.map(delta).joined() + finish + done
    }

    /// An event around a choice.
    package static func event(_ choice: String) -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[\#(choice)]}"#
            + "\n\n"
    }

    /// A whole reply with `Content-Length`.
    package static func whole(
        _ body: String, status: String = "200 OK", type: String = "application/json", fields: String = ""
    ) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// The head of a chunked reply.
    package static func chunkedHead(type: String = "text/event-stream", fields: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n\(fields)Transfer-Encoding: chunked\r\n\r\n"
    }

    /// A chunk.
    package static func chunk(_ text: String) -> String {
        "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
    }

    /// The end of a chunked reply.
    package static let lastChunk = "0\r\n\r\n"

    /// A whole chunked reply of one chunk.
    package static func chunked(_ body: String, type: String = "text/event-stream") -> String {
        chunkedHead(type: type) + chunk(body) + lastChunk
    }
}

extension ScriptedUpstream.Script {
    /// Answers each request with the same bytes.
    package static func always(_ reply: String) -> Self {
        .requests { _, _, connection in try await connection.send(reply) }
    }

    /// Answers the request with number n with the text `a<n>`, as a stream where one was asked for.
    package static let numbered = Self.requests { request, number, connection in
        let isStream = request.text.contains(#""stream":true"#)
        try await connection.send(
            isStream
                ? ModelReply.chunked(ModelReply.stream("a\(number)"))
                : ModelReply.whole(ModelReply.completion("a\(number)")))
    }

    /// Takes requests and never answers.
    package static let silent = Self.requests { _, _, connection in try await connection.ended() }
}
