internal import MemoryCore
internal import MemoryStore

/// How what has become too old is found, and how it goes.
extension ChangeApplier {
    // MARK: - Found by age

    /// Lets a session be found by its age and counted by its status, where it was under others before.
    ///
    /// - Parameter new: nil where the session goes.
    func refile(
        from old: SessionRow.Filed?, to new: SessionRow.Filed?, _ session: UInt64,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        guard old != new else { return }
        if old?.status != new?.status {
            try Meta.count(sessionsFrom: old?.status, to: new?.status, in: &transaction, tables.meta)
        }
        let (before, after) = (ages(of: old), ages(of: new))
        for (age, moment) in before where after[age] != moment || old?.policy != new?.policy {
            guard let policy = old?.policy else { continue }
            let id = try internPolicy(policy, in: &transaction)
            let key = KeyLayout.age(age, policy: id, at: moment, session: session)
            _ = try remove(key.span, from: tables.ages, &transaction)
        }
        for (age, moment) in after where before[age] != moment || old?.policy != new?.policy {
            guard let policy = new?.policy else { continue }
            let id = try internPolicy(policy, in: &transaction)
            let key = KeyLayout.age(age, policy: id, at: moment, session: session)
            try put(Span(), for: key.span, in: tables.ages, &transaction)
        }
    }

    private func ages(of filed: SessionRow.Filed?) -> [SessionAge: Timestamp] {
        guard let filed else { return [:] }
        var ages: [SessionAge: Timestamp] = [.lastActivity: filed.activeAt]
        ages[.oldestMessage] = filed.oldestAt
        return ages
    }

    // MARK: - Messages

    /// Removes messages; the session's numbers go on.
    func trim(_ trim: SessionTrim, in transaction: inout WriteTransaction) throws(StoreError)
        -> ChangeReceipt
    {
        guard let id = try tables.sessionID(of: trim.session, in: transaction),
            var session = try tables.session(id, in: transaction)
        else { return .absent }
        var count = 0
        for node in trim.nodes {
            guard let place = try tables.place(node, of: id, in: transaction) else { continue }
            if trim.withExchanges { try removeExchange(of: node, id, in: &transaction) }
            try removeMessage(node, of: id, in: &transaction)
            session.trimmed.node = max(session.trimmed.node, node)
            session.trimmed.round = max(session.trimmed.round, place.round ?? 0)
            if session.head == node { session.head = 0 }
            count += 1
        }
        session.messages -= count
        session.oldestAt = try tables.places(of: id, after: 0, count: 1, in: transaction).first?.createdAt
        session.movesActivity = true
        try write(session, of: id, in: &transaction)
        guard count > 0 else { return .deleted(0) }
        if let context = try tables.context(of: id, in: transaction) {
            let key = KeyLayout.session(id)
            let value = try ContextRecord.encode(context.outdated)
            try put(value.span, for: key.span, in: tables.contexts, &transaction)
        }
        return .deleted(count)
    }

    private func removeMessage(
        _ node: UInt64, of session: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        try removeChunks(of: node, session: session, in: &transaction)
        let key = KeyLayout.message(session: session, node: node)
        _ = try remove(key.span, from: tables.messages, &transaction)
    }

    /// Removes the record of the exchange that brought a message.
    private func removeExchange(
        of node: UInt64, _ session: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        guard let message = try tables.message(node, of: session, in: transaction) else { return }
        let key = KeyLayout.exchange(high: message.exchange.high, low: message.exchange.low)
        _ = try remove(key.span, from: tables.exchanges, &transaction)
    }

    // MARK: - Sessions

    /// Removes a session and everything that belongs to it; what only names it, elsewhere, is read as gone.
    func erase(_ erasure: SessionErasure, in transaction: inout WriteTransaction) throws(StoreError)
        -> ChangeReceipt
    {
        let key = erasure.session
        guard let id = try tables.sessionID(of: key, in: transaction),
            let owner = try tables.ownerID(of: key.owner, in: transaction),
            var session = try tables.session(id, in: transaction)
        else { return .absent }
        let start = KeyLayout.session(id)
        guard session.life.status != .open, session.lastActiveAt < erasure.before,
            try tables.keys(startingWith: start.span, in: tables.journal, most: 1, transaction).isEmpty
        else {
            session.movesActivity = true
            try write(session, of: id, in: &transaction)
            return .absent
        }
        for place in try tables.places(of: id, after: 0, count: Int.max, in: transaction) {
            try removeExchange(of: place.node, id, in: &transaction)
            try removeMessage(place.node, of: id, in: &transaction)
        }
        try removeSummaries(of: key, id, owner: owner, in: &transaction)
        try removeJobs(of: id, in: &transaction)
        try refile(from: session.filed, to: nil, id, in: &transaction)
        if let deadline = session.life.deadline {
            try removeDeadline(.session, at: deadline, subject: id, in: &transaction)
        }
        try removeNames(of: key, id, owner: owner, alias: session.alias, in: &transaction)
        _ = try remove(start.span, from: tables.contexts, &transaction)
        _ = try remove(start.span, from: tables.sessions, &transaction)
        return .deleted(session.messages)
    }

    private func removeSummaries(
        of key: SessionKey, _ id: UInt64, owner: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        for summary in try tables.summaries(of: key, id, in: transaction) {
            let ending = KeyLayout.ending(owner: owner, at: summary.createdAt, session: id)
            _ = try remove(ending.span, from: tables.endings, &transaction)
            let place = KeyLayout.summary(session: id, number: summary.number)
            _ = try remove(place.span, from: tables.summaries, &transaction)
        }
    }

    private func removeNames(
        of key: SessionKey, _ id: UInt64, owner: UInt64, alias: String?,
        in transaction: inout WriteTransaction
    ) throws(StoreError) {
        let name = KeyLayout.name(.session, parent: owner, key.name)
        _ = try remove(name.span, from: tables.names, &transaction)
        if let tenant = try tables.id(.tenant, parent: 0, key.tenant, in: transaction) {
            let publicID = KeyLayout.name(.publicID, parent: tenant, alias ?? key.name)
            _ = try remove(publicID.span, from: tables.names, &transaction)
        }
        let label = KeyLayout.label(id)
        _ = try remove(label.span, from: tables.labels, &transaction)
        let place = KeyLayout.label(owner)
        if try tables.found(place.span, in: tables.current, transaction)?.bigEndian(at: 0) == id {
            _ = try remove(place.span, from: tables.current, &transaction)
        }
    }

    private func removeJobs(
        of session: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        for kind in Job.Kind.allCases {
            let place = KeyLayout.activeJob(session: session, kind)
            guard let id = try tables.found(place.span, in: tables.activeJobs, transaction)?.bigEndian(at: 0)
            else { continue }
            _ = try remove(place.span, from: tables.activeJobs, &transaction)
            try removeJob(id, in: &transaction)
        }
    }

    private func removeJob(_ id: UInt64, in transaction: inout WriteTransaction) throws(StoreError) {
        guard let job = try tables.anyJob(id, in: transaction)?.job else { return }
        try Meta.count(jobsFrom: job, to: nil, in: &transaction, tables.meta)
        try removeDeadline(
            Self.deadlineKind(job), at: job.nextAt, subject: id, in: &transaction)
        let key = KeyLayout.job(id)
        _ = try remove(key.span, from: tables.jobs, &transaction)
    }

    // MARK: - Records

    func forget(
        _ ids: [ExchangeID], in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        var count = 0
        for id in ids {
            let key = KeyLayout.exchange(high: id.high, low: id.low)
            if try remove(key.span, from: tables.exchanges, &transaction) { count += 1 }
        }
        return .deleted(count)
    }

    func forgetJobs(
        _ ids: [UInt64], in transaction: inout WriteTransaction
    ) throws(StoreError) -> ChangeReceipt {
        var count = 0
        for id in ids {
            guard let job = try tables.anyJob(id, in: transaction)?.job, !job.status.isActive else {
                continue
            }
            try removeJob(id, in: &transaction)
            count += 1
        }
        return .deleted(count)
    }
}
