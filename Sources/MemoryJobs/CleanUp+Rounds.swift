internal import MemoryCore
internal import MemoryStore

extension CleanUp {
    /// What deleting rounds of a session means for the store.
    struct Deletion: Sendable {
        var changes: [MemoryChange] = []
        var messages = 0
        /// Whether there may be more to delete.
        var isCutShort = false
    }

    /// The changes that delete a session's oldest rounds, behind a summary of those that none tells.
    func changes(
        of key: SessionKey, _ bound: RetentionPick.Bound
    ) async throws(StoreError) -> Deletion {
        let pick = try await pick(of: key, bound)
        let nodes = pick.chosen
        guard !nodes.isEmpty else { return Deletion() }
        var deletion = Deletion(messages: nodes.count, isCutShort: pick.isCutShort)
        if let summary = try await fold(of: key, pick.rounds) { deletion.changes = [.summarise(summary)] }
        deletion.changes.append(.trim(SessionTrim(key, nodes: nodes)))
        return deletion
    }

    private func pick(
        of key: SessionKey, _ bound: RetentionPick.Bound
    ) async throws(StoreError) -> RetentionPick {
        var pick = RetentionPick(bound, most: portion.messages)
        var last: UInt64 = 0
        while true {
            let (from, count) = (last, portion.looks)
            let page = try await desk.read { (storage) throws(StoreError) in
                try storage.places(of: key, after: from, count: count)
            }
            for place in page { pick.visit(place) }
            guard let end = page.last, page.count == count, !pick.isIdle else { return pick }
            last = end.node
        }
    }

    /// A summary of rounds that are about to go, as far as no earlier one tells them; nil where all are told.
    private func fold(
        of key: SessionKey, _ rounds: [(round: Int, nodes: [UInt64])]
    ) async throws(StoreError) -> SessionSummary? {
        let chain = try await desk.read { (storage) throws(StoreError) in try storage.summaries(of: key) }
        let told = chain.map(\.rounds.upperBound).max() ?? 0
        let untold = rounds.filter { $0.round > told }
        guard let last = untold.map(\.round).max() else { return nil }
        let nodes = untold.flatMap(\.nodes)
        let messages = try await desk.read { (storage) throws(StoreError) in
            try storage.messages(nodes, of: key)
        }
        let turns = untold.sorted { $0.round < $1.round }.map { round, nodes in
            StoredTurn(
                round: round,
                messages: messages.filter { nodes.contains($0.node) }.map { StoredTurn.Message($0) })
        }
        let transcript = SummaryTranscript(of: turns, language: language())
        let text = ExtractiveSummary(
            transcript, previous: chain.last?.text, tokens: EndSession.extractiveTokens
        ).text
        var summary = SessionSummary(
            session: key, number: (chain.map(\.number).max() ?? 0) + 1, parent: chain.last?.number,
            purpose: .fold, rounds: (told + 1)...last, anchor: nodes.max() ?? 0, text: text, model: nil,
            createdAt: now())
        summary.source = .extractive
        return summary
    }
}
