internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// Whose data is whose.
    static let names = [
        StorageContract("the same id of two users, and of two tenants, names three sessions") { test in
            let keys = [
                SampleTurns.session("s", user: "anna"), SampleTurns.session("s", user: "bert"),
                SampleTurns.session("s", user: "anna", tenant: "other"),
            ]
            try expectApart(keys, test.storage)
        },
        StorageContract("names that run together to the same letters stay apart") { test in
            let parts = [
                ("a", "bc", "d"), ("ab", "c", "d"), ("a", "b", "cd"), ("abc", "", "d"), ("", "abc", "d"),
                ("a", "b\0c", "d"), ("a\0b", "c", "d"), ("a", "b", "c\0d"),
            ]
            try expectApart(parts.map { SessionKey(tenant: $0.0, user: $0.1, name: $0.2) }, test.storage)
        },
        StorageContract("names are compared byte by byte, not letter by letter") { test in
            try expectApart(
                [SampleTurns.session("caf\u{E9}"), SampleTurns.session("cafe\u{301}")], test.storage)
        },
        StorageContract("names of 256 bytes differ in their last one") { test in
            let long = String(repeating: "記", count: 85)
            let keys = ["x", "y"].map { last in
                SessionKey(tenant: long + last, user: long + last, name: long + last)
            }
            try expectSame(keys[0].name.utf8.count, 256, "the length")
            try expectApart(keys, test.storage)
        },
        StorageContract("a longer name is refused at once, and is nobody's") { test in
            let key = SampleTurns.session(String(repeating: "n", count: 257))
            try expectFailure(.tooLarge, "recording") {
                try test.storage.apply([.record(SampleTurns.turn(1, in: key))], .withNextBatch)
            }
            try expectSame(try test.storage.session(key), nil, "the session")
        },
        StorageContract("an amendment under another tenant's session changes nothing") { test in
            let turn = SampleTurns.turn(1)
            try test.storage.commit(.record(turn))
            let foreign = AmendedReply(
                exchange: turn.exchange.id, session: SampleTurns.session(tenant: "other"),
                replies: [SampleTurns.reply("stolen")])
            try expectSame(try test.storage.commit(.amend(foreign)), [.absent], "the receipt")
            let kept = try test.storage.messages(of: SampleTurns.session()).map(\.message)
            try expectSame(kept, turn.messages + turn.replies, "the messages")
        },
    ]

    /// Records as many rounds in each session as its place says, and finds each with its own.
    private static func expectApart(_ keys: [SessionKey], _ storage: any MemoryStorage) throws {
        var number = 0
        for (place, key) in keys.enumerated() {
            for _ in 0...place {
                number += 1
                try storage.commit(.record(SampleTurns.turn(number, in: key)))
            }
        }
        for (place, key) in keys.enumerated() {
            let found = try storage.session(key)
            try expectSame(found?.lastRound, place + 1, "the rounds of \(key)")
            try expectSame(try storage.turns(of: key).count, place + 1, "the walked rounds of \(key)")
            let exchanges = try storage.branch(of: key).map { try storage.exchange($0.exchange)?.session }
            try expectHolds(exchanges.allSatisfy { $0 == key }, "the exchanges of \(key) name their session")
        }
        try expectSame(try storage.statistics().sessions, keys.count, "the sessions")
    }
}
