internal import MemoryCore

/// What goes for good.
extension InMemoryState {
    mutating func trim(_ trim: SessionTrim) -> ChangeReceipt {
        guard var session = sessions[trim.session] else { return .absent }
        let gone = session.remove(trim.nodes)
        sessions[trim.session] = session
        guard !gone.isEmpty else { return .deleted(0) }
        contexts[trim.session] = contexts[trim.session]?.outdated
        if trim.withExchanges { for message in gone { exchanges[message.exchange] = nil } }
        return .deleted(gone.count)
    }

    mutating func erase(_ erasure: SessionErasure) -> ChangeReceipt {
        let key = erasure.session
        guard let session = sessions[key], session.life.status != .open,
            session.lastActiveAt < erasure.before, !journal.keys.contains(where: { $0.session == key })
        else { return .absent }
        sessions[key] = nil
        contexts[key] = nil
        chains[key] = nil
        if current[key.owner] == key { current[key.owner] = nil }
        forgetPublicID(session.alias ?? key.name, of: key.tenant)
        exchanges = exchanges.filter { $0.value.record.session != key }
        requests.forget(key)
        jobs.forget(key)
        return .deleted(session.messageCount)
    }

    mutating func forget(_ ids: [ExchangeID]) -> ChangeReceipt {
        .deleted(ids.count { exchanges.removeValue(forKey: $0) != nil })
    }
}
