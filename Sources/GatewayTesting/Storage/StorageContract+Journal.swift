internal import ChatWire
internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// Questions on their way.
    static let journal = [
        StorageContract("a journalled question makes its session and no message") { test in
            try expectSame(
                try test.storage.commit(.journal(SampleTurns.question(1))), [.journalled], "the receipt")
            let session = try test.storage.session(SampleTurns.session())
            try expectSame(session?.createdAt, SampleTurns.moment(1), "the session's first moment")
            try expectSame(session?.lastNode, 0, "the last node")
            try expectSame(try test.storage.messages(of: SampleTurns.session()), [], "the messages")
            try expectSame(try test.storage.exchange(SampleTurns.exchange(1)), nil, "the exchange")
        },
        StorageContract("a recorded question is not recovered") { test in
            try test.storage.commit(.journal(SampleTurns.question(1)))
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(9)), 0, "recovered")
            try expectSame(try test.storage.messages(of: SampleTurns.session()).count, 2, "the messages")
        },
        StorageContract("a question without a record is kept as interrupted, once, outside the branch") {
            test in
            let session = SampleTurns.session()
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.journal(SampleTurns.question(2)))
            try test.storage.commit(.journal(SampleTurns.question(3, in: SampleTurns.session("s2"))))
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(9)), 2, "recovered")
            let messages = try test.storage.messages(of: session)
            try expectSame(messages.map(\.round), [1, 1, nil], "the rounds")
            try expectSame(messages.map(\.parent), [0, 1, 2], "the parents")
            try expectSame(messages[2].message.status, .interrupted, "the status")
            try expectSame(messages[2].createdAt, SampleTurns.moment(2), "the question's moment")
            try expectSame(try test.storage.session(session)?.head, 2, "the head")
            try expectSame(
                try test.storage.session(session)?.lastActiveAt, SampleTurns.moment(2), "last active")
            try expectSame(
                try test.storage.messages(of: SampleTurns.session("s2")).count, 1, "the other session")
            try expectSame(
                try test.storage.recoverInterrupted(at: SampleTurns.moment(10)), 0, "a second time")
            try test.storage.commit(.record(SampleTurns.turn(4)))
            try expectSame(
                try test.storage.messages(of: session).map(\.node), [1, 2, 3, 4, 5], "numbers go on")
        },
        StorageContract("an interrupted step hangs at the turn it belonged to") { test in
            let call = SampleTurns.reply("call", callsTools: true)
            try test.storage.commit(.record(SampleTurns.turn(1, replies: [call])))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            let step = SampleTurns.question(
                3, place: .openTurn(node: 2, round: 1), messages: [SampleTurns.message("42", .tool)])
            try test.storage.commit(.journal(step))
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(9)), 1, "recovered")
            let last = try test.storage.messages(of: SampleTurns.session()).last
            try expectSame(last?.parent, 2, "the parent")
            try expectSame(last?.index, 2, "the place")
        },
        StorageContract("an interrupted edit hangs where it would have stood") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.journal(SampleTurns.question(2, place: .behind(node: 0))))
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(9)), 1, "recovered")
            try expectSame(try test.storage.messages(of: SampleTurns.session()).last?.parent, 0, "the parent")
        },
        StorageContract("a question journalled twice, or after its record, is kept once") { test in
            try test.storage.commit(.journal(SampleTurns.question(1)))
            try test.storage.commit(.journal(SampleTurns.question(1)))
            try test.storage.commit(.record(SampleTurns.turn(2)), .journal(SampleTurns.question(2)))
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(9)), 1, "recovered")
        },
        StorageContract("a long question survives its process") { test in
            let long = SampleTurns.message(String(repeating: "wort ", count: 1 << 20))
            let messages = [SampleTurns.message("short"), long, SampleTurns.message("last")]
            try test.storage.commit(.journal(SampleTurns.question(1, messages: messages)))
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(9)), 1, "recovered")
            let kept = try test.storage.messages(of: SampleTurns.session()).map(\.message.body)
            try expectHolds(kept == messages.map(\.body), "the bodies")
        },
        StorageContract("more interrupted questions than one transaction takes are all kept, in order") {
            test in
            for number in 1...150 {
                try test.storage.apply([.journal(SampleTurns.question(number))], .withNextBatch)
            }
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(999)), 150, "recovered")
            let exchanges = try test.storage.messages(of: SampleTurns.session()).map(\.exchange)
            try expectSame(exchanges, (1...150).map(SampleTurns.exchange), "the exchanges in order")
        },
    ]
}
