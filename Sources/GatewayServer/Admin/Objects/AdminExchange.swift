internal import JSONBytes
internal import MemoryCore

/// The `exchange` object.
struct AdminExchange: AdminObject {
    let record: ExchangeRecord
    /// The id of its session.
    let session: String
    /// What was added to it.
    let injected: AdminInjection

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("id", record.id.description)
        writer.member("session", session)
        writer.member("user", orNull: record.user.isEmpty ? nil : record.user)
        writer.member("round", orNull: record.round)
        writer.member("created_at", orNull: record.createdAt)
        writer.member("path", record.path)
        writer.member("model", record.model)
        writer.member("stream", record.stream)
        writer.member("mode", record.mode)
        writer.member("policy", record.policy)
        writer.member("status", record.status)
        writer.member("resolution") { writer in
            writer.object { writer in
                writer.member("how", record.resolution)
                writer.member("verdict", orNull: record.verdict.isEmpty ? nil : record.verdict)
                writer.nullMembers("reason")
            }
        }
        writer.nullMembers("side_request")
        writer.member("injected", orNull: injected)
        writer.member("upstream") { $0.object(writeUpstream) }
        writer.member("gateway_ms") { writer in
            writer.object { writer in
                writer.member("admit", milliseconds: record.gateway.admit)
                writer.member("resolve", milliseconds: record.gateway.resolve)
                writer.member("recall", milliseconds: record.gateway.recall)
                writer.member("assemble", milliseconds: record.gateway.assemble)
                writer.nullMembers("record")
            }
        }
        writer.member("outcome", record.outcome.name)
        writer.member("acknowledged", record.isAcknowledged)
    }

    private func writeUpstream(_ writer: inout JSONWriter) {
        writer.member("name", record.upstream)
        writer.member("status", orNull: record.upstreamStatus)
        writer.member("attempts", record.attempts)
        writer.nullMembers("connect_ms")
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
