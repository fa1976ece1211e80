internal import JSONBytes
internal import MemoryCore

/// The `injected` object: what was added to a request, and why.
struct AdminInjection: AdminObject {
    let record: InjectionRecord
    /// The texts of blocks that stand in the record of another exchange, by block.
    let texts: [Int: String]
    /// The ids of sessions, by their names.
    let sessions: [String: String]

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("tokens", record.tokens)
        writer.member("placement", orNull: record.placement?.rawValue)
        writer.member("step", record.isStep)
        writer.member("budget", record.budget)
        writer.member("blocks") { writer in
            writer.array { writer in
                for (place, block) in record.blocks.enumerated() {
                    writer.object { self.block(block, text: block.text ?? texts[place], to: &$0) }
                }
            }
        }
    }

    private func block(_ block: InjectedBlock, text: String?, to writer: inout JSONWriter) {
        writer.member("plugin", block.plugin)
        writer.member("kind", block.kind.name)
        writer.member("tokens", block.tokens)
        writer.member("reason", block.reason)
        writer.member("items") { writer in
            writer.array { writer in
                for item in block.items { writer.object { self.item(item, to: &$0) } }
            }
        }
        writer.member("text", orNull: text)
    }

    private func item(_ item: InjectedItem, to writer: inout JSONWriter) {
        switch item {
        case .summary(let place):
            writer.member("type", "summary")
            writer.member(
                "id", AdminSummary.id(place.number, in: sessions[place.session] ?? place.session))
        case .round(let round):
            writer.member("type", "round")
            writer.member("id", "\(round)")
        }
        writer.nullMembers("score")
    }
}
