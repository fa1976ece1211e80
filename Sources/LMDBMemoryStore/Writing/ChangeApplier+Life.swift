internal import MemoryCore
internal import MemoryStore

/// How sessions begin, go on and end. What follows from a moment `SessionLife` says; here its deadline and
/// its jobs are kept in step.
extension ChangeApplier {
    /// A session that is not there yet, with its deadline; its row is the caller's to write.
    func newSession(
        _ id: UInt64, at now: Timestamp, _ terms: SessionTerms, in transaction: inout WriteTransaction
    ) throws(StoreError) -> SessionRow {
        var session = SessionRow(at: now, terms)
        session.alias = try givePublicID(to: id, in: &transaction)
        let moment = session.life.expiry(after: now)
        session.life.deadline = moment
        try setDeadline(.session, at: moment, subject: id, in: &transaction)
        return session
    }

    /// Lets a session be found in its tenant by its name, or, where another user's has that, by an alias.
    ///
    /// - Returns: the alias.
    func givePublicID(to id: UInt64, in transaction: inout WriteTransaction) throws(StoreError) -> String? {
        let key = try tables.sessionKey(of: id, in: transaction)
        guard let tenant = try tables.id(.tenant, parent: 0, key.tenant, in: transaction) else { return nil }
        let isFree = try tables.id(.publicID, parent: tenant, key.name, in: transaction) == nil
        let name = isFree ? key.name : SessionKey.alias(id)
        let place = KeyLayout.name(.publicID, parent: tenant, name)
        let number = KeyLayout.session(id)
        try put(number.span, for: place.span, in: tables.names, &transaction)
        return isFree ? nil : name
    }

    /// A session that is there, or a new one.
    func sessionOrNew(
        _ id: UInt64, at now: Timestamp, _ terms: SessionTerms, in transaction: inout WriteTransaction
    ) throws(StoreError) -> SessionRow {
        if let session = try tables.session(id, in: transaction) { return session }
        return try newSession(id, at: now, terms, in: &transaction)
    }

    /// Something was recorded in a session: it goes on, and is given a title after its second round.
    func goOn(
        _ session: inout SessionRow, _ id: UInt64, _ turn: RecordedTurn, isNew: Bool,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        let before = session.life.deadline
        session.life.goOn(turn.terms, at: session.lastActiveAt)
        try moveDeadline(of: id, from: before, to: session.life.deadline, in: &transaction)
        if turn.terms.isExceeded(by: session.messages) {
            _ = try enqueue(NewJob(.cleanUp, session: turn.exchange.session, at: turn.at), in: &transaction)
        }
        guard isNew, turn.takesRound, session.lastRound == 2, session.life.title == nil,
            turn.terms.makesTitle
        else { return }
        let key = turn.exchange.session
        _ = try enqueue(NewJob(.title, session: key, round: 2, at: turn.at), in: &transaction)
    }

    /// A request that comes after the deadline is late, whether or not somebody has looked.
    ///
    /// - Returns: whether the session ended; its row is the caller's to write.
    func endIfExpired(
        _ key: SessionKey, _ id: UInt64, _ session: inout SessionRow, at now: Timestamp,
        in transaction: inout WriteTransaction
    ) throws(StoreError) -> Bool {
        guard session.life.hasExpired(at: now, lastActive: session.lastActiveAt) else { return false }
        _ = try end(SessionEnding(key, at: now), id, &session, in: &transaction)
        return true
    }

    /// Ends a session that was silent for long enough, or must.
    func end(_ ending: SessionEnding, in transaction: inout WriteTransaction) throws(StoreError)
        -> ChangeReceipt
    {
        guard let id = try tables.sessionID(of: ending.session, in: transaction),
            var session = try tables.session(id, in: transaction)
        else { return .absent }
        let outcome = try end(ending, id, &session, in: &transaction)
        try write(session, of: id, in: &transaction)
        return .ended(outcome)
    }

    private func end(
        _ ending: SessionEnding, _ id: UInt64, _ session: inout SessionRow,
        in transaction: inout WriteTransaction
    ) throws(StoreError) -> SessionLife.Ending {
        let before = session.life.deadline
        let outcome = session.life.end(
            at: ending.at, lastActive: ending.isRunning ? ending.at : session.lastActiveAt,
            lastRound: session.lastRound, isForced: ending.isForced)
        try moveDeadline(of: id, from: before, to: session.life.deadline, in: &transaction)
        if outcome == .toBeTold {
            let job = NewJob(
                .endSession, session: ending.session, round: session.lastRound,
                endedAt: session.life.endedAt, at: ending.at)
            _ = try enqueue(job, in: &transaction)
        }
        return outcome
    }

    /// What a job has made of a session.
    func mark(_ mark: SessionMark, in transaction: inout WriteTransaction) throws(StoreError)
        -> ChangeReceipt
    {
        guard let id = try tables.sessionID(of: mark.session, in: transaction),
            var session = try tables.session(id, in: transaction)
        else { return .absent }
        session.life.take(mark)
        try write(session, of: id, in: &transaction)
        return .kept
    }

    /// Adds what a model server reported after the record.
    ///
    /// - Returns: whether the session's row has changed.
    func countUsage(
        of reply: AmendedReply, _ row: ExchangeRow, _ session: inout SessionRow,
        _ transaction: borrowing WriteTransaction
    ) throws(StoreError) -> Bool {
        guard let usage = reply.replies.first?.usage, let first = row.replies.nodes.first,
            let before = try tables.message(first, of: row.session, in: transaction),
            before.message.usage == nil
        else { return false }
        session.usage.add(usage)
        return true
    }

    // MARK: - Deadlines

    private func moveDeadline(
        of session: UInt64, from old: Timestamp?, to new: Timestamp?,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        guard old != new else { return }
        if let old { try removeDeadline(.session, at: old, subject: session, in: &transaction) }
        if let new { try setDeadline(.session, at: new, subject: session, in: &transaction) }
    }

    func setDeadline(
        _ kind: KeyLayout.DeadlineKind, at moment: Timestamp, subject: UInt64,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        let key = KeyLayout.deadline(kind, at: moment, subject: subject)
        try put(Span(), for: key.span, in: tables.deadlines, &transaction)
    }

    func removeDeadline(
        _ kind: KeyLayout.DeadlineKind, at moment: Timestamp, subject: UInt64,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        let key = KeyLayout.deadline(kind, at: moment, subject: subject)
        _ = try remove(key.span, from: tables.deadlines, &transaction)
    }
}
