internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// What comes after a record.
    static let amendments = [
        StorageContract("an amendment replaces the replies and keeps their places") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            let before = try test.storage.messages(of: SampleTurns.session())
            var longer = SampleTurns.reply("answer 1 and more")
            longer.usage = TokenUsage(prompt: 1, completion: 2)
            let receipt = try test.storage.commit(.amend(amendment(1, [longer])))
            try expectSame(receipt, [.amended], "the receipt")
            let after = try test.storage.messages(of: SampleTurns.session())
            try expectSame(after[1].message, longer, "the reply")
            try expectSame(after.map(\.parent), before.map(\.parent), "the parents")
            try expectSame(after.map(\.createdAt), before.map(\.createdAt), "the moments")
            try expectSame([after[0], after[2], after[3]], [before[0], before[2], before[3]], "the others")
        },
        StorageContract("an amendment may bring further choices, and more of them later") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            let replies = (0..<3).map { SampleTurns.reply("choice \($0)", choice: $0) }
            try test.storage.commit(.amend(amendment(1, Array(replies[..<2]))))
            try test.storage.commit(.amend(amendment(1, replies)))
            let messages = try test.storage.messages(of: SampleTurns.session())
            try expectSame(messages.map(\.parent), [0, 1, 2, 3, 1, 1], "the parents")
            try expectSame(messages.map(\.round), [1, 1, 2, 2, 1, 1], "the rounds")
            try expectSame([messages[1], messages[4], messages[5]].map(\.message), replies, "the choices")
            let active = try test.storage.turns(of: SampleTurns.session()).flatMap(\.messages).map(\.node)
            try expectSame(active, [1, 2, 3, 4], "the active branch")
        },
        StorageContract("an amendment with fewer choices leaves the others as they were") { test in
            let replies = (0..<2).map { SampleTurns.reply("choice \($0)", choice: $0) }
            try test.storage.commit(.record(SampleTurns.turn(1, replies: replies)))
            try test.storage.commit(.amend(amendment(1, [SampleTurns.reply("new")])))
            let messages = try test.storage.messages(of: SampleTurns.session()).map(\.message)
            try expectSame(messages[1...], [SampleTurns.reply("new"), replies[1]], "the replies")
        },
        StorageContract("an amendment of an unknown exchange is answered as absent") { test in
            try expectSame(try test.storage.commit(.amend(amendment(9, []))), [.absent], "the receipt")
            try expectSame(try test.storage.session(SampleTurns.session()), nil, "no session was made")
        },
        StorageContract("long texts grow and shrink with their amendments") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            for size in [200_000, 70_000, 300_000, 10] {
                var reply = SampleTurns.reply(String(repeating: "x", count: size))
                reply.reasoning = String(repeating: "ü", count: size)
                try test.storage.commit(.amend(amendment(1, [reply])))
                let stored = try test.storage.messages(of: SampleTurns.session())[1].message
                try expectHolds(stored == reply, "a reply of \(size) letters")
            }
        },
    ]

    private static func amendment(_ number: Int, _ replies: [NewMessage]) -> AmendedReply {
        AmendedReply(
            exchange: SampleTurns.exchange(number), session: SampleTurns.session(), replies: replies)
    }
}
