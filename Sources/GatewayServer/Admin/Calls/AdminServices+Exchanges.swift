internal import ExchangePipeline
internal import MemoryCore
internal import MemoryStore

/// What is explained of exchanges.
extension AdminServices {
    var exchangeCalls: [AdminCall] {
        [
            .get("/admin/v1/exchanges/{id}") { request in
                let text = try request.id()
                let unknown = GatewayError.notFound(
                    "There is no exchange '\(text.prefix(80))'. Its id stands in X-Memory-Exchange.")
                guard let id = ExchangeID(text) else { throw unknown }
                let tenant = request.tenant
                guard let record = try await read({ try $0.exchange(id) }),
                    tenant == nil || record.session.tenant == tenant
                else { throw unknown }
                return AdminReply(AdminExchange(record: record, session: record.session.name))
            }
        ]
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
}
