internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// What those see who look after a store.
    static let lists = [
        StorageContract("an id is a session's name while it is free in its tenant, and stays what it was") {
            test in
            let keys = [
                SampleTurns.session("s"), SampleTurns.session("s", user: "bert"),
                SampleTurns.session("s", user: "cleo"), SampleTurns.session("s", tenant: "other"),
            ]
            for (number, key) in keys.enumerated() {
                try test.storage.commit(.record(SampleTurns.turn(number, in: key)))
            }
            let ids = try keys.map { try test.storage.details(of: $0)?.id }
            try expectSame(ids[0], "s", "the first")
            try expectSame(ids[3], "s", "in another tenant")
            for id in ids[1...2] {
                try expectSame(id?.utf8.count, 32, "the length of another user's")
                let isHex = id?.allSatisfy { $0.isHexDigit && !$0.isUppercase } ?? false
                try expectHolds(isHex, "another user's has hex digits: \(id ?? "none")")
            }
            try expectHolds(ids[1] != ids[2], "two others have two")
            try test.reopen()
            try expectSame(try keys.map { try test.storage.details(of: $0)?.id }, ids, "after a restart")
            for (key, id) in zip(keys, ids) {
                let found = try test.storage.sessions(withID: id ?? "", tenant: key.tenant).map(\.key)
                try expectSame(found, [key], "found by \(id ?? "none")")
            }
            try expectSame(try test.storage.sessions(withID: "s", tenant: nil).count, 2, "in all tenants")
            try expectSame(try test.storage.sessions(withID: "t", tenant: nil).count, 0, "an unknown one")
        },
        StorageContract("sessions are listed newest activity first, by pages, and counted") { test in
            for number in 0..<7 {
                let key = SampleTurns.session("s\(number)", user: number % 2 == 0 ? "anna" : "bert")
                try test.storage.commit(.record(SampleTurns.turn(number, in: key)))
            }
            let again = SampleTurns.turn(20, in: SampleTurns.session("s0"))
            try test.storage.commit(.record(again))
            let ended = SessionEnding(
                SampleTurns.session("s2"), at: SampleTurns.moment(30), isForced: true)
            try test.storage.commit(.end(ended))
            var query = SessionQuery(count: 3)
            var names: [String] = []
            repeat {
                let page = try test.storage.sessions(query)
                try expectSame([page.total, page.active], [7, 6], "the counts")
                names += page.sessions.map(\.key.name)
                query.behind = page.next
            } while query.behind != nil
            try expectSame(names, ["s0", "s6", "s5", "s4", "s3", "s2", "s1"], "the names")
            func list(_ change: (inout SessionQuery) -> Void) throws -> [String] {
                var query = SessionQuery(count: 9)
                change(&query)
                return try test.storage.sessions(query).sessions.map(\.key.name)
            }
            try expectSame(try list { $0.user = "bert" }, ["s5", "s3", "s1"], "of a user")
            try expectSame(try list { $0.chat = "bert" }, [], "of a room")
            try expectSame(try list { $0.tenant = "none" }, [], "of a tenant")
            try expectSame(try list { $0.status = .closing }, ["s2"], "of a status")
            try expectSame(try list { $0.isActive = false }, ["s2"], "not open")
            try expectSame(try list { $0.text = "S4" }, ["s4"], "by a part of an id")
            try expectSame(try list { $0.text = "BER" }, ["s5", "s3", "s1"], "by a part of a user")
        },
        StorageContract("exchanges are listed newest first, of one session or of all, by pages") { test in
            for number in 0..<6 {
                let key = SampleTurns.session(number % 2 == 0 ? "a" : "b")
                let failed = SampleTurns.turn(number, in: key, replies: [], outcome: .failed)
                try test.storage.commit(.record(number == 4 ? failed : SampleTurns.turn(number, in: key)))
            }
            func list(_ session: String?, before: Int?, _ count: Int) throws -> [ExchangeID] {
                try test.storage.exchanges(
                    of: session.map { SampleTurns.session($0) }, before: before.map(SampleTurns.exchange),
                    count: count
                ).map(\.id)
            }
            try expectSame(try list(nil, before: nil, 9), (0..<6).reversed().map(SampleTurns.exchange), "all")
            try expectSame(try list(nil, before: 4, 2), [3, 2].map(SampleTurns.exchange), "a page")
            try expectSame(try list("a", before: nil, 9), [4, 2, 0].map(SampleTurns.exchange), "of one")
            try expectSame(try list("a", before: 4, 1), [SampleTurns.exchange(2)], "a page of one")
            try expectSame(try list("c", before: nil, 9), [], "of none")
        },
    ]
}
