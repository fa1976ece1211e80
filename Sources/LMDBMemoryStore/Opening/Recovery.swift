internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// Keeps the questions whose process ended before their record: they become messages marked `interrupted`,
/// outside any round.
struct Recovery {
    let environment: Environment
    let applier: ChangeApplier

    private var tables: Tables { applier.tables }

    /// Questions of one transaction.
    private static let batch = 64

    private struct Entry {
        var session: UInt64
        var exchange: ExchangeID
    }

    /// Recovers what fits; a full store keeps the rest in its journal for another start.
    ///
    /// - Returns: how many questions were kept.
    func run(at now: Timestamp) throws(StoreError) -> Int {
        var kept = 0
        do throws(StoreError) {
            while true {
                let entries = try firstEntries()
                if entries.isEmpty { return kept }
                kept += try recover(entries, at: now)
            }
        } catch {
            guard error.code == .full else { throw error }
            return kept
        }
    }

    private func firstEntries() throws(StoreError) -> [Entry] {
        try environment.read { (transaction) throws(StoreError) in
            var entries: [Entry] = []
            do throws(LMDBError) {
                var cursor = try Cursor(transaction, tables.journal)
                while entries.count < Self.batch, try cursor.next() {
                    let key = cursor.key
                    // The first part of each stands for all.
                    guard key.count == 28, key[24] | key[25] | key[26] | key[27] == 0,
                        let session = key.bigEndian(at: 0), let high = key.bigEndian(at: 8),
                        let low = key.bigEndian(at: 16)
                    else { continue }
                    entries.append(Entry(session: session, exchange: ExchangeID(high: high, low: low)))
                }
            } catch {
                throw error.storeError
            }
            return entries
        }
    }

    private func recover(_ entries: [Entry], at now: Timestamp) throws(StoreError) -> Int {
        var kept = 0
        var transaction = try asStoreError { () throws(LMDBError) in try WriteTransaction(environment) }
        for entry in entries where try recover(entry, at: now, in: &transaction) { kept += 1 }
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            throw error.storeError
        }
        return kept
    }

    /// - Returns: whether the question was kept; one that was recorded after all only leaves the journal.
    private func recover(
        _ entry: Entry, at now: Timestamp, in transaction: inout WriteTransaction
    ) throws(StoreError) -> Bool {
        let bytes = try gather(entry, transaction)
        let question = try JournalEntry.decode(bytes.span)
        try applier.removeJournal(of: entry.exchange, session: entry.session, in: &transaction)
        guard try tables.exchange(entry.exchange, in: transaction) == nil else { return false }
        let owner = try applier.internOwner(
            try tables.sessionKey(of: entry.session, in: transaction).owner, in: &transaction)
        // The question of a further try is on record.
        if let known = try tables.request(question.fingerprints, owner: owner, at: now, in: transaction),
            known.session == entry.session
        {
            return false
        }
        var session = try applier.sessionOrNew(
            entry.session, at: question.at, SessionTerms(), in: &transaction)
        let place = try applier.spot(of: question.place, in: entry.session, session, transaction)
        var branch = Branch(
            session: entry.session, parent: place.parent, round: nil, index: place.index,
            exchange: entry.exchange,
            at: question.at)
        for var message in question.messages {
            message.status = .interrupted
            try applier.append(message, to: &branch, &session, in: &transaction)
        }
        session.lastActiveAt = max(session.lastActiveAt, question.at)
        try applier.write(session, of: entry.session, in: &transaction)
        let request = RequestEntry(
            at: question.at, session: entry.session, exchange: entry.exchange, lastNode: branch.parent,
            count: question.messages.count)
        try applier.note(question.fingerprints, request, owner: owner, in: &transaction)
        return true
    }

    private func gather(_ entry: Entry, _ transaction: borrowing WriteTransaction) throws(StoreError)
        -> [UInt8]
    {
        var bytes: [UInt8] = []
        var part: UInt32 = 0
        do throws(LMDBError) {
            while true {
                let key = KeyLayout.journal(
                    session: entry.session, exchange: (entry.exchange.high, entry.exchange.low), part: part)
                guard let value = try transaction.value(for: key.span, in: tables.journal) else {
                    return bytes
                }
                bytes.append(copying: value)
                part += 1
            }
        } catch {
            throw error.storeError
        }
    }
}
