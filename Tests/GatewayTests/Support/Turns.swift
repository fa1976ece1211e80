import GatewayTesting
import MemoryCore
import NIOCore

/// A question of session `s`, asked again and again.
enum Turns {
    static let session = "X-Session-Id: s\r\n"
    static let question = #"{"role":"user","content":"one"}"#
    static let later = #"{"role":"user","content":"two"}"#
    static let laterReply = #"{"role":"assistant","content":"later"}"#

    static func body(_ message: String = question, stream: Bool = false) -> String {
        #"{"stream":\#(stream),"messages":[\#(message)]}"#
    }

    /// The bytes of a chat request.
    static func request(_ message: String = question, stream: Bool = false) -> String {
        TestGateway.request(
            "POST", "/v1/chat/completions", fields: session, body: body(message, stream: stream))
    }

    /// A question.
    static func user(_ text: String) -> String { #"{"role":"user","content":"\#(text)"}"# }

    /// An assistant message as it is kept.
    static func assistant(_ text: String) -> String { #"{"role":"assistant","content":"\#(text)"}"# }
}

extension ScriptedUpstream.Script {
    /// Answers a request and closes the connection at the next one.
    static let everySecondCloses = Self.requests { _, number, connection in
        guard number.isMultiple(of: 2) else { return await connection.close() }
        try await connection.send(ModelReply.whole(ModelReply.completion("a")))
    }

    /// The first request meets `first`, later ones get `later`.
    static func first(
        _ first: @escaping @Sendable (WireConnection) async throws -> Void
    ) -> Self {
        .requests { _, number, connection in
            if number == 0 {
                try await first(connection)
            } else {
                try await connection.send(ModelReply.whole(ModelReply.completion("later")))
            }
        }
    }
}
