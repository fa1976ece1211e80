internal import MemoryCore
internal import MemoryStore

/// What becomes of a request that its client sends again, and says so: no turn is added.
extension ChangeApplier {
    /// The earlier try of a turn, if it is one and stands in the same session.
    func earlierTry(
        of turn: RecordedTurn, in session: UInt64, owner: UInt64,
        _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> RequestEntry? {
        guard
            let entry = try tables.request(
                turn.fingerprints, owner: owner, at: turn.at, began: turn.exchange.createdAt,
                in: transaction),
            entry.session == session, entry.exchange != turn.exchange.id
        else { return nil }
        return entry
    }

    /// Where the replies of a further try stand. The question of a try that failed is the question of this
    /// one, now in a round; nil where the session has gone on since, so that it cannot be.
    func join(
        _ entry: RequestEntry, _ turn: RecordedTurn, _ session: inout SessionRow,
        in transaction: inout WriteTransaction
    ) throws(StoreError) -> BegunTurn? {
        var branch = Branch(
            session: entry.session, parent: entry.lastNode, round: nil, index: 0, exchange: turn.exchange.id,
            at: turn.at)
        if let first = try tables.exchange(entry.exchange, in: transaction), let round = first.record.round {
            // The reply that was not there last is the one that the client has now.
            branch.index = first.replies.index
            branch.round = turn.takesRound ? round : nil
            // An earlier try that ends behind this one has a reply that nobody waits for.
            let isNewer = turn.exchange.createdAt >= first.record.createdAt
            return BegunTurn(
                branch: branch, movesHead: isNewer && first.replies.nodes.contains(session.head))
        }
        guard let question = try question(of: entry, session, transaction), let last = question.last,
            question.count == turn.messages.count
        else { return nil }
        branch.index = last.index + 1
        guard turn.takesRound else { return BegunTurn(branch: branch, movesHead: false) }
        let round: Int
        if case .openTurn(_, let open) = turn.place { round = open } else { round = session.takeRound() }
        branch.round = round
        for (stored, message) in zip(question, turn.messages) {
            let again = StoredMessage(
                node: stored.node, parent: stored.parent, round: round, index: stored.index,
                exchange: turn.exchange.id, createdAt: stored.createdAt, message: message)
            try removeChunks(of: stored.node, session: entry.session, in: &transaction)
            try write(again, of: entry.session, in: &transaction)
        }
        return BegunTurn(branch: branch, movesHead: true)
    }

    /// The messages of a question without a round that still is the branch's end.
    private func question(
        of entry: RequestEntry, _ session: SessionRow, _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> [StoredMessage]? {
        guard entry.count > 0, entry.lastNode >= UInt64(entry.count) else { return nil }
        var messages: [StoredMessage] = []
        for node in (entry.lastNode - UInt64(entry.count) + 1)...entry.lastNode {
            guard let message = try tables.message(node, of: entry.session, in: transaction),
                message.round == nil, message.exchange == entry.exchange
            else { return nil }
            messages.append(message)
        }
        return messages.first?.parent == session.head ? messages : nil
    }

    /// Notes how a request would be known again, and forgets a few that are too old.
    func note(
        _ fingerprints: [RequestFingerprint], _ entry: RequestEntry, owner: UInt64,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        for fingerprint in fingerprints {
            var entry = entry
            entry.isRetry = fingerprint.isRetry
            let span = fingerprint.kind.span(of: entry.at)
            let key = KeyLayout.request(fingerprint, span: span, owner: owner)
            let value = entry.encoded
            try put(value.span, for: key.span, in: tables.requests, &transaction)
            for old in try tables.forgottenRequests(fingerprint.kind, at: entry.at, in: transaction) {
                _ = try remove(old.span, from: tables.requests, &transaction)
            }
        }
    }
}
