internal import ChatWire
internal import JSONBytes
internal import MemoryCore
internal import NIOCore

/// The `message` object.
struct AdminMessage: AdminObject {
    let stored: StoredMessage
    /// The id of its session.
    let session: String
    /// Whether it stands on the active branch.
    let isActive: Bool

    /// A message's id: its session's, and its number there, so that it is unique in a tenant.
    static func id(_ node: UInt64, in session: String) -> String { "\(session):\(node)" }

    func writeMembers(to writer: inout JSONWriter) {
        let message = stored.message
        let body = try? JSONTreeParser.parse(Array(message.body.readableBytesView), depthLimit: 1000)
        writer.member("id", Self.id(stored.node, in: session))
        writer.member("session", session)
        writer.member("round", orNull: stored.round)
        writer.member("index", stored.index)
        writer.nullMembers("branch")
        writer.member("active", isActive)
        Self.member("role", of: body, to: &writer)
        Self.member("name", of: body, to: &writer)
        writer.member("speaker", orNull: message.speaker)
        Self.member("content", of: body, to: &writer)
        writer.member("reasoning", orNull: message.reasoning)
        for name in ["refusal", "tool_calls", "tool_call_id"] { Self.member(name, of: body, to: &writer) }
        writer.member("choice", message.choice)
        writer.member("status", message.status.name)
        writer.nullMembers("confirmed")
        writer.member("origin", "live")
        writer.member("model", orNull: message.model)
        writer.member("finish_reason", orNull: message.finishReason)
        writer.member("usage", orNull: message.usage.map { AdminUsage(usage: $0) })
        writer.member("exchange", stored.exchange.description)
        writer.member("created_at", orNull: stored.createdAt)
    }

    /// A member of the message as the client or the model wrote it.
    private static func member(_ name: String, of body: JSONValue?, to writer: inout JSONWriter) {
        writer.member(name) { writer in
            if let value = body?[name] { writer.value(value) } else { writer.null() }
        }
    }
}

extension MessageStatus {
    /// As the API says it.
    var name: String {
        switch self {
        case .complete: "complete"
        case .failed: "failed"
        case .incomplete: "incomplete"
        case .disconnected: "disconnected"
        case .interrupted: "interrupted"
        }
    }
}
