internal import ExchangePipeline
internal import MemoryCore
internal import MemoryStore

/// What is explained of exchanges.
extension AdminServices {
    /// Records newest first, without those of other tenants and those that are older than they are kept.
    private func shownExchanges(
        of key: SessionKey?, _ tenant: String?, before earlier: ExchangeID?, count: Int,
        _ storage: any MemoryStorage
    ) throws -> [ExchangeRecord] {
        var shown: [ExchangeRecord] = []
        var last = earlier
        while shown.count < count {
            let found = try storage.exchanges(of: key, before: last, count: count)
            shown += found.filter { (tenant == nil || $0.session.tenant == tenant) && !isForgotten($0) }
            guard let end = found.last, found.count == count else { break }
            last = end.id
        }
        return Array(shown.prefix(count))
    }

    var exchangeCalls: [AdminCall] {
        [
            .get("/admin/v1/exchanges") { request in
                let limit = try request.limit()
                let session = request.parameter("session")
                let tenant = request.tenant
                let list = "exchanges \(tenant ?? "") \(session ?? "")"
                let earlier = try request.cursor(of: list).flatMap { ExchangeID(position: $0.position) }
                let page = try await read { storage in
                    let key = try session.map { try storage.one($0, tenant).key }
                    let shown = try shownExchanges(
                        of: key, tenant, before: earlier, count: limit + 1, storage)
                    return try shown.map { try AdminExchange($0, from: storage) }
                }
                let next = page.count > limit ? page[limit - 1].record.id : nil
                return AdminReply(
                    list: Array(page.prefix(limit)),
                    next: next.map { AdminCursor(list: list, position: $0.position) })
            },
            .get("/admin/v1/exchanges/{id}") { request in
                let text = try request.id()
                let unknown = GatewayError.notFound(
                    "There is no exchange '\(text.prefix(80))'. Its id stands in X-Memory-Exchange.")
                guard let id = ExchangeID(text) else { throw unknown }
                let tenant = request.tenant
                let found = try await read { storage in
                    try storage.exchange(id).flatMap {
                        isForgotten($0) ? nil : try AdminExchange($0, from: storage)
                    }
                }
                guard let found, tenant == nil || found.record.session.tenant == tenant else {
                    throw unknown
                }
                return AdminReply(found)
            },
        ]
    }
}

extension AdminExchange {
    /// An exchange with the texts and names that stand elsewhere.
    init(_ record: ExchangeRecord, from storage: any MemoryStorage) throws {
        var texts: [Int: String] = [:]
        var sessions: [String: String] = [:]
        for (place, block) in record.injected.blocks.enumerated() {
            if let maker = block.textOf, let other = try storage.exchange(maker) {
                texts[place] =
                    other.injected.blocks.first {
                        $0.kind == block.kind && $0.plugin == block.plugin
                    }?.text
            }
            for case .summary(let summary) in block.items where sessions[summary.session] == nil {
                let key = SessionKey(record.session.owner, summary.session)
                sessions[summary.session] = try storage.details(of: key)?.id
            }
        }
        self.init(
            record: record, session: try storage.details(of: record.session)?.id ?? record.session.name,
            injected: AdminInjection(record: record.injected, texts: texts, sessions: sessions))
    }
}

extension ExchangeID {
    /// The id that 32 hex digits spell; nil where they spell none.
    init?(_ text: String) {
        let digits = text.utf8
        guard digits.count == 32, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            let high = UInt64(text.prefix(16), radix: 16), let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The id that a cursor holds.
    init?(position: [UInt8]) {
        self.init(String(decoding: position, as: UTF8.self))
    }

    /// As a cursor holds it.
    var position: [UInt8] { Array(description.utf8) }
}
