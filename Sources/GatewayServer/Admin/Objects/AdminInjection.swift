internal import JSONBytes
internal import MemoryCore

/// The `injected` object: what was added to a request, and why.
struct AdminInjection: AdminObject {
    let record: InjectionRecord

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("tokens", record.tokens)
        writer.nullMembers("placement", "step", "budget")
        writer.member("blocks") { writer in
            writer.array { writer in
                if record.standing > 0 { block("standing", nil, [], to: &writer) }
                if !record.window.isEmpty || !record.reason.isEmpty {
                    block("window", record.reason, record.window, to: &writer)
                }
            }
        }
    }

    private func block(_ kind: String, _ reason: String?, _ rounds: [Int], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.nullMembers("plugin")
            writer.member("kind", kind)
            writer.nullMembers("tokens")
            writer.member("reason", orNull: reason)
            writer.member("items") { writer in
                writer.array { writer in
                    for round in rounds {
                        writer.object { writer in
                            writer.member("type", "round")
                            writer.member("id", "\(round)")
                            writer.nullMembers("score")
                        }
                    }
                }
            }
            writer.nullMembers("text")
        }
    }
}
