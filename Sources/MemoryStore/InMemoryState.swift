internal import MemoryCore

/// What an in-memory store holds. Written for plainness: other engines must agree with it.
struct InMemoryState {
    /// A question belongs to its session: the same exchange under another one is another entry.
    struct JournalKey: Hashable {
        var session: SessionKey
        var exchange: ExchangeID
    }

    var sessions: [SessionKey: InMemorySession] = [:]
    var journal: [JournalKey: JournalledTurn] = [:]
    var exchanges:
        [ExchangeID: (record: ExchangeRecord, replies: [UInt64], firstReply: InMemorySession.Spot)] = [:]
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
            }
        }
    }

    private static func checkNames(of change: MemoryChange) throws(StoreError) {
        let key =
            switch change {
            case .journal(let turn): turn.session
            case .record(let turn): turn.exchange.session
            case .amend(let reply): reply.session
            }
        for name in [key.tenant, key.user, key.name] where name.utf8.count > maximumNameBytes {
            throw StoreError(.tooLarge, "A name is longer than \(maximumNameBytes) bytes.")
        }
    }

    private mutating func journal(_ turn: JournalledTurn) -> ChangeReceipt {
        guard exchanges[turn.exchange] == nil else { return .journalled }
        if sessions[turn.session] == nil { sessions[turn.session] = InMemorySession(at: turn.at) }
        journal[JournalKey(session: turn.session, exchange: turn.exchange)] = turn
        return .journalled
    }

    private mutating func record(_ turn: RecordedTurn) -> ChangeReceipt {
        let id = turn.exchange.id
        if let done = exchanges[id] { return .recorded(round: done.record.round) }
        let key = turn.exchange.session
        var session = sessions[key] ?? InMemorySession(at: turn.at)
        journal[JournalKey(session: key, exchange: id)] = nil

        var spot = session.spot(of: turn.place, exchange: id, at: turn.at)
        if !turn.takesRound {
            spot.round = nil
        } else if spot.round == nil {
            session.lastRound += 1
            spot.round = session.lastRound
        }
        for message in turn.messages { session.append(message, at: &spot) }
        let replies = turn.replies.map { session.add($0, at: spot) }
        if turn.takesRound, let active = replies.first { session.head = active }
        session.lastActiveAt = max(session.lastActiveAt, turn.at)
        sessions[key] = session

        var record = turn.exchange
        record.round = spot.round
        exchanges[id] = (record, replies, spot)
        return .recorded(round: spot.round)
    }

    private mutating func amend(_ reply: AmendedReply) -> ChangeReceipt {
        guard var exchange = exchanges[reply.exchange], exchange.record.session == reply.session,
            var session = sessions[reply.session]
        else { return .absent }
        for (node, message) in zip(exchange.replies, reply.replies) {
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
        for turn in turns {
            var session = sessions[turn.session] ?? InMemorySession(at: turn.at)
            var spot = session.spot(of: turn.place, exchange: turn.exchange, at: turn.at)
            spot.round = nil
            for var message in turn.messages {
                message.status = .interrupted
                session.append(message, at: &spot)
            }
            session.lastActiveAt = max(session.lastActiveAt, now)
            sessions[turn.session] = session
        }
        journal = [:]
        return turns.count
    }
}
