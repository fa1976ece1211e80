internal import MemoryCore
internal import MemoryStore
internal import NIOCore

/// How rows, names and long texts are written.
extension ChangeApplier {
    // MARK: - Names

    /// The id of a session, made with those of its tenant and user where they are new.
    func internSession(
        _ key: SessionKey, in transaction: inout WriteTransaction
    ) throws(StoreError) -> UInt64 {
        let owner = try internOwner(key.owner, in: &transaction)
        return try intern(.session, parent: owner, key.name, in: &transaction)
    }

    /// The id of an owner, made with that of its tenant where they are new.
    func internOwner(
        _ owner: SessionOwner, in transaction: inout WriteTransaction
    ) throws(StoreError) -> UInt64 {
        let tenant = try intern(.tenant, parent: 0, owner.tenant, in: &transaction)
        return try intern(KeyLayout.NameKind(owner.kind), parent: tenant, owner.name, in: &transaction)
    }

    /// The id of a policy.
    func internPolicy(
        _ name: String, in transaction: inout WriteTransaction
    ) throws(StoreError) -> UInt64 {
        try intern(.policy, parent: 0, name, in: &transaction)
    }

    private func intern(
        _ kind: KeyLayout.NameKind, parent: UInt64, _ name: String, in transaction: inout WriteTransaction
    ) throws(StoreError) -> UInt64 {
        if let id = try tables.id(kind, parent: parent, name, in: transaction) { return id }
        guard name.utf8.count <= KeyLayout.maximumNameBytes else {
            throw StoreError(.tooLarge, "A name is longer than \(KeyLayout.maximumNameBytes) bytes.")
        }
        let id = try Meta.takeID(in: &transaction, tables.meta)
        let idBytes = KeyLayout.label(id)
        let key = KeyLayout.name(kind, parent: parent, name)
        var label: [UInt8] = [kind.rawValue]
        label.append(copying: KeyLayout.label(parent).span)
        label.append(contentsOf: name.utf8)
        try put(idBytes.span, for: key.span, in: tables.names, &transaction)
        try put(label.span, for: idBytes.span, in: tables.labels, &transaction)
        return id
    }

    // MARK: - Rows

    /// Writes a session's row, and what it is found by.
    func write(
        _ session: SessionRow, of id: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        var session = session
        try refile(from: session.filed, to: session.toBeFiled, id, in: &transaction)
        session.file()
        let key = KeyLayout.session(id)
        let value = session.encoded
        try put(value.span, for: key.span, in: tables.sessions, &transaction)
    }

    func write(_ row: ExchangeRow, in transaction: inout WriteTransaction) throws(StoreError) {
        let key = KeyLayout.exchange(high: row.record.id.high, low: row.record.id.low)
        let value = try row.encoded()
        try put(value.span, for: key.span, in: tables.exchanges, &transaction)
    }

    /// Writes a message and the parts of its long texts, in the place of what its node held.
    func write(
        _ stored: StoredMessage, of session: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        let key = KeyLayout.message(session: session, node: stored.node)
        let value = try MessageRecord.encode(stored)
        try put(value.span, for: key.span, in: tables.messages, &transaction)
        let body = stored.message.body
        if body.readableBytes > MessageRecord.inlineBytes {
            try writeChunks(.body, of: body.readableBytesUInt8Span, stored.node, session, &transaction)
        }
        if let reasoning = stored.message.reasoning, reasoning.utf8.count > MessageRecord.inlineBytes {
            let bytes = Array(reasoning.utf8)
            try writeChunks(.reasoning, of: bytes.span, stored.node, session, &transaction)
        }
    }

    private func writeChunks(
        _ text: KeyLayout.LongText, of bytes: Span<UInt8>, _ node: UInt64, _ session: UInt64,
        _ transaction: inout WriteTransaction
    ) throws(StoreError) {
        try writeParts(of: bytes, to: tables.chunks, in: &transaction) { part in
            [UInt8](copying: KeyLayout.chunk(session: session, node: node, text, part: part).span)
        }
    }

    /// Removes the parts of a message's long texts.
    func removeChunks(
        of node: UInt64, session: UInt64, in transaction: inout WriteTransaction
    ) throws(StoreError) {
        for text in [KeyLayout.LongText.body, .reasoning] {
            try removeParts(from: tables.chunks, in: &transaction) { part in
                [UInt8](copying: KeyLayout.chunk(session: session, node: node, text, part: part).span)
            }
        }
    }

    // MARK: - Parts

    /// Writes bytes in parts of a size that takes whole pages, each under its own key.
    func writeParts(
        of bytes: Span<UInt8>, to table: Table, in transaction: inout WriteTransaction,
        key: (UInt32) -> [UInt8]
    ) throws(StoreError) {
        var start = 0
        var part: UInt32 = 0
        repeat {
            let end = min(start + MessageRecord.chunkBytes, bytes.count)
            let partKey = key(part)
            try put(bytes.extracting(start..<end), for: partKey.span, in: table, &transaction)
            start = end
            part += 1
        } while start < bytes.count
    }

    /// Removes parts until there is no next one.
    func removeParts(
        from table: Table, in transaction: inout WriteTransaction, key: (UInt32) -> [UInt8]
    ) throws(StoreError) {
        var part: UInt32 = 0
        while true {
            let partKey = key(part)
            guard try remove(partKey.span, from: table, &transaction) else { return }
            part += 1
        }
    }

    func remove(
        _ key: Span<UInt8>, from table: Table, _ transaction: inout WriteTransaction
    ) throws(StoreError) -> Bool {
        do throws(LMDBError) {
            return try transaction.remove(key, in: table)
        } catch {
            throw error.storeError
        }
    }

    func put(
        _ value: Span<UInt8>, for key: Span<UInt8>, in table: Table, _ transaction: inout WriteTransaction
    ) throws(StoreError) {
        do throws(LMDBError) {
            try transaction.put(value, for: key, in: table)
        } catch {
            throw error.storeError
        }
    }
}
