internal import ChatWire
package import JSONBytes
package import NIOCore

extension GatewayError {
    /// The body: `{"error":{"message","type","param","code"}}`.
    package var body: ByteBuffer {
        var writer = JSONWriter()
        writer.object { writeMember(to: &$0) }
        return ByteBuffer(bytes: writer.bytes)
    }

    /// The body's one member, for a body that says more.
    package func writeMember(to writer: inout JSONWriter) {
        writer.member("error") { writer in
            writer.object { writer in
                writer.member("message", message)
                writer.member("type", type)
                writer.member("param") { writer in
                    if let param { writer.string(param) } else { writer.null() }
                }
                writer.member("code", code)
            }
        }
    }

    /// The head that goes with a body of that many bytes, before what memory adds to it.
    package func head(bodyBytes: Int) -> ReplyHead {
        var headers = HeaderFields([
            ("Content-Type", "application/json"), ("Content-Length", String(bodyBytes)),
        ])
        if let retryAfter { headers.append("Retry-After", String(retryAfter)) }
        // OpenAI's clients try a conflict again by themselves.
        if status == 409 { headers.append("x-should-retry", "false") }
        return ReplyHead(status: status, reason: "", headers: headers)
    }
}
