internal import MemoryCore

/// What an in-memory store holds. Written for plainness: other engines must agree with it.
struct InMemoryState {
    /// A question belongs to its session: the same exchange under another one is another entry.
    struct JournalKey: Hashable {
        var session: SessionKey
        var exchange: ExchangeID
    }

    /// Names a value of a plugin.
    struct ValueKey: Hashable {
        var owner: SessionOwner
        var plugin: String
        var key: String
    }

    var sessions = InMemorySessions()
    var journal: [JournalKey: JournalledTurn] = [:]
    var exchanges:
        [ExchangeID: (record: ExchangeRecord, replies: [UInt64], firstReply: InMemorySession.Spot)] = [:]
    var contexts: [SessionKey: SessionContext] = [:]
    var current: [SessionOwner: SessionKey] = [:]
    var requests = InMemoryRequests()
    /// By session, in order of their numbers.
    var chains: [SessionKey: [SessionSummary]] = [:]
    var values: [ValueKey: [UInt8]] = [:]
    var jobs = InMemoryJobs()
    private var lastSession: UInt64 = 0
    /// What sessions are called, by tenant.
    private var publicIDs: [String: Set<String>] = [:]
    var isClosed = false
    var commits = 0
    var changes = 0

    private static let maximumNameBytes = 256

    mutating func apply(_ list: [MemoryChange]) throws(StoreError) -> [ChangeReceipt] {
        guard !isClosed else { throw StoreError(.closed, "The store is closed.") }
        for change in list { try Self.checkNames(of: change) }
        commits += 1
        changes += list.count
        return list.map { change in
            switch change {
            case .journal(let turn): journal(turn)
            case .record(let turn): record(turn)
            case .amend(let reply): amend(reply)
            case .summarise(let summary): summarise(summary)
            case .keep(let entry): keep(entry)
            case .end(let ending): end(ending)
            case .mark(let mark): self.mark(mark)
            case .enqueue(let job): .queued(jobs.enqueue(job))
            case .step(let step): jobs.take(step) ? .kept : .absent
            case .trim(let trim): self.trim(trim)
            case .erase(let erasure): erase(erasure)
            case .forgetExchanges(let ids): forget(ids)
            case .forgetJobs(let ids): .deleted(jobs.forget(ids))
            }
        }
    }

    private static func checkNames(of change: MemoryChange) throws(StoreError) {
        for name in change.names where name.utf8.count > maximumNameBytes {
            throw StoreError(.tooLarge, "A name is longer than \(maximumNameBytes) bytes.")
        }
        if case .keep(let entry) = change { try entry.check() }
    }

    private mutating func journal(_ turn: JournalledTurn) -> ChangeReceipt {
        guard exchanges[turn.exchange] == nil else { return .journalled }
        if sessions[turn.session] == nil {
            sessions[turn.session] = newSession(turn.session, at: turn.at, turn.terms)
        } else if !turn.joinsRunning {
            endIfExpired(turn.session, at: turn.at)
        }
        journal[JournalKey(session: turn.session, exchange: turn.exchange)] = turn
        return .journalled
    }

    private mutating func record(_ turn: RecordedTurn) -> ChangeReceipt {
        let id = turn.exchange.id
        if let done = exchanges[id] { return .recorded(round: done.record.round) }
        let key = turn.exchange.session
        if !turn.joinsRunning { endIfExpired(key, at: turn.exchange.createdAt) }
        var session = sessions[key] ?? newSession(key, at: turn.at, turn.terms)
        journal[JournalKey(session: key, exchange: id)] = nil

        let entry = requests.request(
            turn.fingerprints, of: key.owner, at: turn.at, began: turn.exchange.createdAt)
        let joined = entry.flatMap { join($0, turn, &session) }
        let (spot, nodes, movesHead) = joined ?? begin(turn, &session)
        let replies = turn.replies.map { session.add($0, at: spot) }
        if turn.takesRound, movesHead, let active = replies.first { session.head = active }
        session.lastActiveAt = max(session.lastActiveAt, turn.at)
        session.bringsHistory = session.bringsHistory || turn.bringsHistory
        session.life.goOn(turn.terms, at: session.lastActiveAt)
        if let usage = turn.replies.first?.usage { session.usage.add(usage) }
        sessions[key] = session
        if turn.takesRound, session.lastRound == 2, joined == nil, session.wantsTitle {
            _ = jobs.enqueue(NewJob(.title, session: key, round: 2, at: turn.at))
        }
        if turn.terms.isExceeded(by: session.messageCount) {
            _ = jobs.enqueue(NewJob(.cleanUp, session: key, at: turn.at))
        }
        if let context = turn.context { contexts[key] = context }
        if turn.becomesCurrent { current[key.owner] = key }
        if joined == nil || turn.takesRound {
            requests.note(
                turn.fingerprints,
                InMemoryRequests.Entry(
                    at: turn.at, session: key, exchange: id, nodes: nodes))
        }
        var record = turn.exchange
        record.round = spot.round
        exchanges[id] = (record, replies, spot)
        return .recorded(round: spot.round)
    }

    /// A session that is not there yet, which is called by its name where that is free in its tenant.
    private mutating func newSession(
        _ key: SessionKey, at now: Timestamp, _ terms: SessionTerms
    ) -> InMemorySession {
        lastSession += 1
        var session = InMemorySession(at: now, terms)
        session.number = lastSession
        if !publicIDs[key.tenant, default: []].insert(key.name).inserted {
            let alias = SessionKey.alias(lastSession)
            publicIDs[key.tenant, default: []].insert(alias)
            session.alias = alias
        }
        return session
    }

    /// Another session may be called so.
    mutating func forgetPublicID(_ id: String, of tenant: String) {
        publicIDs[tenant]?.remove(id)
    }

    /// Where a turn's replies stand, its question's messages, and whether its first reply ends the branch.
    private typealias Begun = (spot: InMemorySession.Spot, nodes: [UInt64], movesHead: Bool)

    private func begin(_ turn: RecordedTurn, _ session: inout InMemorySession) -> Begun {
        var spot = session.spot(of: turn.place, exchange: turn.exchange.id, at: turn.at)
        if !turn.takesRound {
            spot.round = nil
        } else if spot.round == nil {
            session.lastRound += 1
            spot.round = session.lastRound
        }
        let first = session.lastNode + 1
        for message in turn.messages { session.append(message, at: &spot) }
        return (spot, Array(first..<first + UInt64(turn.messages.count)), true)
    }

    /// A further try of a request that is on record; nil where it cannot be joined to it.
    private func join(
        _ entry: InMemoryRequests.Entry, _ turn: RecordedTurn, _ session: inout InMemorySession
    ) -> Begun? {
        guard entry.session == turn.exchange.session, entry.exchange != turn.exchange.id,
            let last = entry.nodes.last
        else { return nil }
        var spot = InMemorySession.Spot(
            parent: last, round: nil, index: 0, exchange: turn.exchange.id, at: turn.at)
        if let first = exchanges[entry.exchange], let round = first.record.round {
            spot.index = first.firstReply.index
            spot.round = turn.takesRound ? round : nil
            // An earlier try that ends behind this one has a reply that nobody waits for.
            let isNewer = turn.exchange.createdAt >= first.record.createdAt
            return (spot, entry.nodes, isNewer && first.replies.contains(session.head))
        }
        let question = entry.nodes.compactMap { session.message($0) }
        guard question.count == entry.nodes.count,
            question.allSatisfy({ $0.round == nil && $0.exchange == entry.exchange }),
            question.first?.parent == session.head, question.count == turn.messages.count
        else { return nil }
        spot.index = (question.last?.index ?? 0) + 1
        guard turn.takesRound else { return (spot, entry.nodes, false) }
        if case .openTurn(_, let open) = turn.place {
            spot.round = open
        } else {
            session.lastRound += 1
            spot.round = session.lastRound
        }
        for (stored, message) in zip(question, turn.messages) {
            let place = InMemorySession.Spot(
                parent: stored.parent, round: spot.round, index: stored.index, exchange: turn.exchange.id,
                at: stored.createdAt)
            session.replace(stored.node, by: message, at: place)
        }
        return (spot, entry.nodes, true)
    }

    private mutating func summarise(_ summary: SessionSummary) -> ChangeReceipt {
        guard sessions[summary.session] != nil, summary.number > 0 else { return .absent }
        var chain = chains[summary.session, default: []]
        chain.removeAll { $0.number == summary.number }
        chain.append(summary)
        chains[summary.session] = chain.sorted { $0.number < $1.number }
        return .kept
    }

    private mutating func keep(_ entry: PluginEntry) -> ChangeReceipt {
        let owner = entry.owner
        values[ValueKey(owner: owner, plugin: entry.plugin, key: entry.key)] = entry.value
        return .kept
    }

    /// Ends a session that was silent for long enough, or must.
    private mutating func end(_ ending: SessionEnding) -> ChangeReceipt {
        guard var session = sessions[ending.session] else { return .absent }
        let outcome = session.life.end(
            at: ending.at, lastActive: ending.isRunning ? ending.at : session.lastActiveAt,
            lastRound: session.lastRound, isForced: ending.isForced)
        sessions[ending.session] = session
        if outcome == .toBeTold {
            _ = jobs.enqueue(
                NewJob(
                    .endSession, session: ending.session, round: session.lastRound,
                    endedAt: session.life.endedAt, at: ending.at))
        }
        return .ended(outcome)
    }

    /// A request that comes after the deadline is late, whether or not somebody has looked.
    private mutating func endIfExpired(_ key: SessionKey, at now: Timestamp) {
        guard let session = sessions[key], session.life.hasExpired(at: now, lastActive: session.lastActiveAt)
        else { return }
        _ = end(SessionEnding(key, at: now))
    }

    private mutating func mark(_ mark: SessionMark) -> ChangeReceipt {
        guard sessions[mark.session] != nil else { return .absent }
        sessions[mark.session]?.life.take(mark)
        return .kept
    }

    private mutating func amend(_ reply: AmendedReply) -> ChangeReceipt {
        guard var exchange = exchanges[reply.exchange], exchange.record.session == reply.session,
            var session = sessions[reply.session]
        else { return .absent }
        if let usage = reply.replies.first?.usage, let first = exchange.replies.first,
            let message = session.message(first), message.message.usage == nil
        {
            session.usage.add(usage)
        }
        for (node, message) in zip(exchange.replies, reply.replies) where session.message(node) != nil {
            session.replace(node, by: message, at: exchange.firstReply)
        }
        for message in reply.replies.dropFirst(exchange.replies.count) {
            exchange.replies.append(session.add(message, at: exchange.firstReply))
        }
        sessions[reply.session] = session
        exchanges[reply.exchange] = exchange
        return .amended
    }

    mutating func recover(at now: Timestamp) throws(StoreError) -> Int {
        guard !isClosed else { throw StoreError(.closed, "The store is closed.") }
        let turns = journal.values.filter { exchanges[$0.exchange] == nil }.sorted { left, right in
            (left.exchange.high, left.exchange.low) < (right.exchange.high, right.exchange.low)
        }
        journal = [:]
        return turns.count { keepInterrupted($0, at: now) }
    }

    /// - Returns: whether it was kept; the question of a further try is on record.
    private mutating func keepInterrupted(_ turn: JournalledTurn, at now: Timestamp) -> Bool {
        let known = requests.request(turn.fingerprints, of: turn.session.owner, at: now)
        guard known?.session != turn.session else { return false }
        var session = sessions[turn.session] ?? newSession(turn.session, at: turn.at, turn.terms)
        var spot = session.spot(of: turn.place, exchange: turn.exchange, at: turn.at)
        spot.round = nil
        let first = session.lastNode + 1
        for var message in turn.messages {
            message.status = .interrupted
            session.append(message, at: &spot)
        }
        session.lastActiveAt = max(session.lastActiveAt, turn.at)
        sessions[turn.session] = session
        requests.note(
            turn.fingerprints,
            InMemoryRequests.Entry(
                at: turn.at, session: turn.session, exchange: turn.exchange,
                nodes: Array(first..<first + UInt64(turn.messages.count))))
        return true
    }
}
