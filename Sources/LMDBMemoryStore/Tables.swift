internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// The open tables, and what readers and the writer both look up in them.
struct Tables: Sendable {
    let names: Table
    let labels: Table
    let sessions: Table
    let messages: Table
    let chunks: Table
    let journal: Table
    let exchanges: Table
    let contexts: Table
    let current: Table
    let requests: Table
    let summaries: Table
    let endings: Table
    let states: Table
    let deadlines: Table
    let ages: Table
    let jobs: Table
    let activeJobs: Table
    let meta: Table

    /// Opens every table, making those that are missing.
    init(_ transaction: borrowing WriteTransaction) throws(LMDBError) {
        names = try transaction.openTable("names")
        labels = try transaction.openTable("labels")
        sessions = try transaction.openTable("sessions")
        messages = try transaction.openTable("messages")
        chunks = try transaction.openTable("chunks")
        journal = try transaction.openTable("journal")
        exchanges = try transaction.openTable("exchanges")
        contexts = try transaction.openTable("contexts")
        current = try transaction.openTable("current")
        requests = try transaction.openTable("requests")
        summaries = try transaction.openTable("summaries")
        endings = try transaction.openTable("endings")
        states = try transaction.openTable("states")
        deadlines = try transaction.openTable("deadlines")
        ages = try transaction.openTable("ages")
        jobs = try transaction.openTable("jobs")
        activeJobs = try transaction.openTable("activejobs")
        meta = try transaction.openTable("meta")
    }

    /// How many tables an environment has room for: those above and ones to come.
    static let maximum: UInt32 = 32

    // MARK: - Names

    /// The id of an interned name.
    func id(
        _ kind: KeyLayout.NameKind, parent: UInt64, _ name: String,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> UInt64? {
        guard name.utf8.count <= KeyLayout.maximumNameBytes else { return nil }
        let key = KeyLayout.name(kind, parent: parent, name)
        do throws(LMDBError) {
            guard let value = try transaction.value(for: key.span, in: names) else { return nil }
            if let id = value.bigEndian(at: 0), value.count == 8 { return id }
        } catch {
            throw error.storeError
        }
        throw StoreError(.damaged, "A name in the store has no number.")
    }

    /// The id of a session, or nil where there is none of that key.
    func sessionID(
        of key: SessionKey, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> UInt64? {
        guard let owner = try ownerID(of: key.owner, in: transaction) else { return nil }
        return try id(.session, parent: owner, key.name, in: transaction)
    }

    /// The id of an owner, or nil where nothing is known of one.
    func ownerID(
        of owner: SessionOwner, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> UInt64? {
        guard let tenant = try id(.tenant, parent: 0, owner.tenant, in: transaction) else { return nil }
        return try id(KeyLayout.NameKind(owner.kind), parent: tenant, owner.name, in: transaction)
    }

    /// The key of a session by its id: up along the labels.
    func sessionKey(
        of id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> SessionKey {
        let session = try label(of: id, in: transaction)
        let owner = try label(of: session.parent, in: transaction)
        let tenant = try label(of: owner.parent, in: transaction)
        return SessionKey(
            SessionOwner(tenant: tenant.name, owner.kind == .chat ? .chat : .user, owner.name), session.name)
    }

    /// The key of a session by its id, or nil where it was erased.
    func keyIfThere(
        of id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> SessionKey? {
        let key = KeyLayout.label(id)
        guard try found(key.span, in: labels, transaction) != nil else { return nil }
        return try sessionKey(of: id, in: transaction)
    }

    private func label(
        of id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> (kind: KeyLayout.NameKind, parent: UInt64, name: String) {
        let key = KeyLayout.label(id)
        do throws(LMDBError) {
            if let value = try transaction.value(for: key.span, in: labels),
                let parent = value.bigEndian(at: 1), let kind = KeyLayout.NameKind(rawValue: value[0]),
                let name = String(utf8: value.extracting(droppingFirst: 9))
            {
                return (kind, parent, name)
            }
        } catch {
            throw error.storeError
        }
        throw StoreError(.damaged, "A number in the store has no name.")
    }

    // MARK: - Rows

    /// A session's row; every interned session has one.
    func session(
        _ id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> SessionRow? {
        let key = KeyLayout.session(id)
        guard let value = try found(key.span, in: sessions, transaction) else { return nil }
        return try SessionRow(value)
    }

    /// What requests need of a session's row.
    func numbers(
        of id: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> SessionRow.Numbers? {
        let key = KeyLayout.session(id)
        guard let value = try found(key.span, in: sessions, transaction) else { return nil }
        return try SessionRow.Numbers(value)
    }

    /// A message.
    func message(
        _ node: UInt64, of session: UInt64, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> StoredMessage? {
        let key = KeyLayout.message(session: session, node: node)
        let value: Span<UInt8>?
        do throws(LMDBError) {
            value = try transaction.value(for: key.span, in: messages)
        } catch {
            throw error.storeError
        }
        guard let value else { return nil }
        return try MessageRecord.decode(node: node, value) { (text, count) throws(StoreError) in
            try longText(text, count: count, node: node, of: session, in: transaction)
        }
    }

    /// A message of the active branch; the cursor is one over the messages, which finds neighbours fast.
    func walked(
        _ node: UInt64, of session: UInt64, _ cursor: inout Cursor,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> MessageRecord.Walked? {
        let key = KeyLayout.message(session: session, node: node)
        do throws(LMDBError) {
            guard try cursor.find(key.span) else { return nil }
        } catch {
            throw error.storeError
        }
        return try MessageRecord.walk(node: node, cursor.value) { (text, count) throws(StoreError) in
            try longText(text, count: count, node: node, of: session, in: transaction)
        }
    }

    /// The row of an exchange, unless its session was erased.
    func exchange(
        _ id: ExchangeID, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> ExchangeRow? {
        let row = try anyExchange(id, in: transaction)
        return row?.record.session == .gone ? nil : row
    }

    /// The row of an exchange, also of one whose session was erased.
    func anyExchange(
        _ id: ExchangeID, in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> ExchangeRow? {
        let key = KeyLayout.exchange(high: id.high, low: id.low)
        let value: Span<UInt8>?
        do throws(LMDBError) {
            value = try transaction.value(for: key.span, in: exchanges)
        } catch {
            throw error.storeError
        }
        guard let value else { return nil }
        return try ExchangeRow(id, value) { (session) throws(StoreError) in
            try keyIfThere(of: session, in: transaction) ?? .gone
        }
    }

    private func longText(
        _ text: KeyLayout.LongText, count: Int, node: UInt64, of session: UInt64,
        in transaction: borrowing some TableReading & ~Copyable
    ) throws(StoreError) -> ByteBuffer {
        var gathered: [UInt8] = []
        var part: UInt32 = 0
        while gathered.count < count {
            let key = KeyLayout.chunk(session: session, node: node, text, part: part)
            do throws(LMDBError) {
                guard let value = try transaction.value(for: key.span, in: chunks), value.count > 0 else {
                    break
                }
                gathered.append(copying: value)
            } catch {
                throw error.storeError
            }
            part += 1
        }
        guard gathered.count == count else {
            throw StoreError(.damaged, "A long text in the store is incomplete.")
        }
        return ByteBuffer(bytes: gathered)
    }
}

extension SessionKey {
    /// Stands for a session that was erased: no tenant has an empty name.
    static let gone = SessionKey(tenant: "", user: "", name: "")
}
