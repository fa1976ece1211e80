internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// Writes changes into a transaction. It decides numbers there, so that they follow the order of commits.
struct ChangeApplier: Sendable {
    let tables: Tables

    /// Applies one change. After an error the transaction must be given up.
    ///
    /// - Parameter recorded: exchanges whose record is in the same transaction.
    func apply(
        _ change: MemoryChange, recording recorded: [ExchangeID: SessionKey] = [:],
        in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        switch change {
        case .journal(let turn) where recorded[turn.exchange] == turn.session:
            try openSession(of: turn, in: &transaction)
            return .journalled
        case .journal(let turn): return try journal(turn, in: &transaction)
        case .record(let turn): return try record(turn, in: &transaction)
        case .amend(let reply): return try amend(reply, in: &transaction)
        case .summarise(let summary): return try summarise(summary, in: &transaction)
        case .keep(let entry): return try keep(entry, in: &transaction)
        case .end(let ending): return try end(ending, in: &transaction)
        case .mark(let mark): return try self.mark(mark, in: &transaction)
        case .enqueue(let job): return .queued(try enqueue(job, in: &transaction))
        case .step(let step): return try take(step, in: &transaction)
        case .trim(let trim): return try self.trim(trim, in: &transaction)
        case .erase(let erasure): return try erase(erasure, in: &transaction)
        case .forgetExchanges(let ids): return try forget(ids, in: &transaction)
        case .forgetJobs(let ids): return try forgetJobs(ids, in: &transaction)
        }
    }

    // MARK: - Journal

    private func journal(
        _ turn: JournalledTurn, in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        // A question whose record came first is answered already.
        if try tables.exchange(turn.exchange, in: transaction) != nil { return .journalled }
        let id = try openSession(of: turn, in: &transaction)
        try removeJournal(of: turn.exchange, session: id, in: &transaction)
        let bytes = JournalEntry.encode(turn)
        let exchange = (turn.exchange.high, turn.exchange.low)
        try writeParts(of: bytes.span, to: tables.journal, in: &transaction) { part in
            [UInt8](copying: KeyLayout.journal(session: id, exchange: exchange, part: part).span)
        }
        return .journalled
    }

    /// The session of a question, made where it is new.
    @discardableResult
    private func openSession(
        of turn: JournalledTurn, in transaction: inout WriteTransaction
    ) throws(StoreError) -> UInt64 {
        let id = try internSession(turn.session, in: &transaction)
        if var session = try tables.session(id, in: transaction) {
            guard !turn.joinsRunning else { return id }
            if try endIfExpired(turn.session, id, &session, at: turn.at, in: &transaction) {
                try write(session, of: id, in: &transaction)
            }
        } else {
            try write(try newSession(id, at: turn.at, turn.terms, in: &transaction), of: id, in: &transaction)
        }
        return id
    }

    /// Removes what the journal holds of an exchange.
    func removeJournal(
        of exchange: ExchangeID, session: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        try removeParts(from: tables.journal, in: &transaction) { part in
            let key = KeyLayout.journal(session: session, exchange: (exchange.high, exchange.low), part: part)
            return [UInt8](copying: key.span)
        }
    }

    // MARK: - Record

    private func record(
        _ turn: RecordedTurn, in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        if let done = try tables.exchange(turn.exchange.id, in: transaction) {
            return .recorded(round: done.record.round)
        }
        let owner = try internOwner(turn.exchange.session.owner, in: &transaction)
        let id = try internSession(turn.exchange.session, in: &transaction)
        var session = try sessionOrNew(id, at: turn.at, turn.terms, in: &transaction)
        if !turn.joinsRunning {
            let key = turn.exchange.session
            _ = try endIfExpired(key, id, &session, at: turn.exchange.createdAt, in: &transaction)
        }
        try removeJournal(of: turn.exchange.id, session: id, in: &transaction)

        let entry = try earlierTry(of: turn, in: id, owner: owner, transaction)
        var joined: BegunTurn?
        if let entry { joined = try join(entry, turn, &session, in: &transaction) }
        let begun: BegunTurn
        if let joined {
            begun = joined
        } else {
            begun = try begin(turn, in: id, &session, &transaction)
        }
        let branch = begun.branch
        var replies = ReplyPlace(recordedAt: turn.at, parent: branch.parent, index: branch.index, nodes: [])
        for reply in turn.replies {
            replies.nodes.append(try write(reply, as: branch, &session, in: &transaction))
        }
        if turn.takesRound, begun.movesHead, let active = replies.nodes.first { session.head = active }
        session.lastActiveAt = max(session.lastActiveAt, turn.at)
        session.bringsHistory = session.bringsHistory || turn.bringsHistory
        if let usage = turn.replies.first?.usage { session.usage.add(usage) }
        try goOn(&session, id, turn, isNew: joined == nil, in: &transaction)
        try write(session, of: id, in: &transaction)
        try keepContext(of: turn, id, owner: owner, in: &transaction)
        // What a failed further try says of the request is no more than is known.
        if joined == nil || turn.takesRound {
            let entry = RequestEntry(
                at: turn.at, session: id, exchange: turn.exchange.id, lastNode: branch.parent,
                count: turn.messages.count)
            try note(turn.fingerprints, entry, owner: owner, in: &transaction)
        }

        var record = turn.exchange
        record.round = branch.round
        try write(ExchangeRow(session: id, record: record, replies: replies), in: &transaction)
        return .recorded(round: branch.round)
    }

    /// Writes the question of a turn behind the branch that it goes on with.
    private func begin(
        _ turn: RecordedTurn, in id: UInt64, _ session: inout SessionRow,
        _ transaction: inout WriteTransaction
    ) throws(StoreError) -> BegunTurn {
        let place = try spot(of: turn.place, in: id, session, transaction)
        let round: Int? = turn.takesRound ? place.round ?? session.takeRound() : nil
        var branch = Branch(
            session: id, parent: place.parent, round: round, index: place.index, exchange: turn.exchange.id,
            at: turn.at)
        for message in turn.messages { try append(message, to: &branch, &session, in: &transaction) }
        return BegunTurn(branch: branch, movesHead: true)
    }

    /// Where a turn's first message hangs. A step of a turn that is not there begins a round of its own: a
    /// chat is never refused for what became of its session meanwhile.
    func spot(
        of place: TurnPlace, in id: UInt64, _ session: SessionRow, _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> (parent: UInt64, round: Int?, index: Int) {
        switch place {
        case .openTurn(let node, let round):
            if let before = try tables.message(node, of: id, in: transaction), before.round == round {
                return (node, round, before.index + 1)
            }
        case .behind(let node):
            let isThere = node == 0 ? true : try tables.message(node, of: id, in: transaction) != nil
            if isThere { return (node, nil, 0) }
        case .newRound: break
        }
        return (session.head, nil, 0)
    }

    /// Adds a message as the newest of a branch.
    func append(
        _ message: NewMessage, to branch: inout Branch, _ session: inout SessionRow,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        branch.parent = try write(message, as: branch, &session, in: &transaction)
        branch.index += 1
    }

    /// Writes a message behind a branch under a new number.
    private func write(
        _ message: NewMessage, as branch: Branch, _ session: inout SessionRow,
        in transaction: inout WriteTransaction
    ) throws(StoreError) -> UInt64 {
        let node = session.takeNode(at: branch.at)
        let stored = StoredMessage(
            node: node, parent: branch.parent, round: branch.round, index: branch.index,
            exchange: branch.exchange, createdAt: branch.at, message: message)
        try write(stored, of: branch.session, in: &transaction)
        return node
    }

    // MARK: - Amend

    private func amend(
        _ reply: AmendedReply, in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        guard var row = try tables.exchange(reply.exchange, in: transaction),
            row.record.session == reply.session,
            var session = try tables.session(row.session, in: transaction)
        else { return .absent }
        let branch = Branch(
            session: row.session, parent: row.replies.parent, round: row.record.round,
            index: row.replies.index,
            exchange: reply.exchange, at: row.replies.recordedAt)
        let known = row.replies.nodes.count
        let isCounted = try countUsage(of: reply, row, &session, transaction)
        for (node, message) in zip(row.replies.nodes, reply.replies)
        where try tables.hasMessage(node, of: row.session, in: transaction) {
            let stored = StoredMessage(
                node: node, parent: branch.parent, round: branch.round, index: branch.index,
                exchange: branch.exchange, createdAt: branch.at, message: message)
            try removeChunks(of: node, session: row.session, in: &transaction)
            try write(stored, of: row.session, in: &transaction)
        }
        guard reply.replies.count > known else {
            if isCounted { try write(session, of: row.session, in: &transaction) }
            return .amended
        }
        for message in reply.replies.dropFirst(known) {
            row.replies.nodes.append(try write(message, as: branch, &session, in: &transaction))
        }
        try write(session, of: row.session, in: &transaction)
        try write(row, in: &transaction)
        return .amended
    }
}

/// A turn whose question stands.
struct BegunTurn {
    /// Where its replies hang.
    var branch: Branch
    /// Whether its first reply ends the active branch.
    var movesHead: Bool
}

/// Where the next message hangs.
struct Branch {
    var session: UInt64
    var parent: UInt64
    var round: Int?
    var index: Int
    var exchange: ExchangeID
    var at: Timestamp
}
