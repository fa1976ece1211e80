internal import JSONBytes
internal import MemoryCore

/// The `exchange` object.
struct AdminExchange: AdminObject {
    let record: ExchangeRecord
    /// The id of its session.
    let session: String

    func writeMembers(to writer: inout JSONWriter) {
        let owner = record.session.owner
        writer.member("id", record.id.description)
        writer.member("session", session)
        writer.member("user", orNull: owner.kind == .user ? owner.name : nil)
        writer.member("round", orNull: record.round)
        writer.member("created_at", orNull: record.createdAt)
        writer.member("path", record.path)
        writer.member("model", record.model)
        writer.member("stream", record.stream)
        writer.nullMembers("mode", "policy", "status")
        writer.member("resolution") { writer in
            writer.object { writer in
                writer.member("how", record.resolution)
                writer.nullMembers("verdict", "reason")
            }
        }
        writer.nullMembers("side_request")
        writer.member("injected", orNull: AdminInjection(record: record.injected))
        writer.member("upstream") { $0.object(writeUpstream) }
        writer.member("gateway_ms") { writer in
            writer.object { $0.nullMembers("admit", "resolve", "recall", "assemble", "record") }
        }
        writer.member("outcome", record.outcome.name)
        writer.nullMembers("acknowledged")
    }

    private func writeUpstream(_ writer: inout JSONWriter) {
        writer.nullMembers("name")
        writer.member("status", orNull: record.upstreamStatus)
        writer.nullMembers("attempts", "connect_ms")
        writer.member("first_byte_ms", milliseconds: record.firstByteMicroseconds)
        writer.member("total_ms", milliseconds: record.totalMicroseconds)
    }
}

extension ExchangeOutcome {
    /// As the API says it.
    fileprivate var name: String {
        switch self {
        case .recorded: "recorded"
        case .failed: "failed"
        case .incomplete: "incomplete"
        case .disconnected: "disconnected"
        }
    }
}
