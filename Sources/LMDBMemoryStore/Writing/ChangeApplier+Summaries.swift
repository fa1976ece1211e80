internal import MemoryCore
internal import MemoryStore

extension ChangeApplier {
    /// Keeps what a step settled, and which session an owner is in.
    func keepContext(
        of turn: RecordedTurn, _ session: UInt64, owner: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        let id = KeyLayout.session(session)
        if let context = turn.context {
            let value = try ContextRecord.encode(context)
            try put(value.span, for: id.span, in: tables.contexts, &transaction)
        }
        if turn.becomesCurrent {
            let key = KeyLayout.label(owner)
            try put(id.span, for: key.span, in: tables.current, &transaction)
        }
    }

    /// Keeps a link of a chain. The newest one made by an end stands for its session among the owner's.
    func summarise(
        _ summary: SessionSummary, in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        guard let id = try tables.sessionID(of: summary.session, in: transaction),
            let owner = try tables.ownerID(of: summary.session.owner, in: transaction), summary.number > 0
        else { return .absent }
        let before = try tables.summaries(of: summary.session, id, in: transaction)
        for link in before where link.purpose == .end {
            let old = KeyLayout.ending(owner: owner, at: link.createdAt, session: id)
            _ = try remove(old.span, from: tables.endings, &transaction)
        }
        let after = before.filter { $0.number != summary.number } + [summary]
        if let end = after.filter({ $0.purpose == .end && $0.isStanding }).max(by: { $0.number < $1.number })
        {
            let ending = KeyLayout.ending(owner: owner, at: end.createdAt, session: id)
            let number = KeyLayout.label(UInt64(end.number))
            try put(number.span, for: ending.span, in: tables.endings, &transaction)
        }
        let key = KeyLayout.summary(session: id, number: summary.number)
        let value = try SummaryRecord.encode(summary)
        try put(value.span, for: key.span, in: tables.summaries, &transaction)
        return .kept
    }

    /// Keeps what a plugin says.
    func keep(_ entry: PluginEntry, in transaction: inout WriteTransaction) throws(StoreError)
        -> ChangeReceipt
    {
        let owner = try internOwner(entry.owner, in: &transaction)
        let key = KeyLayout.state(owner: owner, plugin: entry.plugin, key: entry.key)
        if let value = entry.value {
            try put(value.span, for: key.span, in: tables.states, &transaction)
        } else {
            _ = try remove(key.span, from: tables.states, &transaction)
        }
        return .kept
    }
}
