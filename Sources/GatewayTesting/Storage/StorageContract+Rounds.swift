internal import ChatWire
internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// What is recorded, and how rounds are numbered and joined.
    static let rounds = [
        StorageContract("a recorded round is read back as it was, every member of it") { test in
            let turn = SampleTurns.turn(1)
            try expectSame(try test.storage.commit(.record(turn)), [.recorded(round: 1)], "the receipt")
            let stored = try test.storage.turns(of: SampleTurns.session())
            try expectSame(stored.map(\.round), [1], "the rounds")
            let messages = try test.storage.branch(of: SampleTurns.session())
            try expectSame(stored[0].messages, messages.map(StoredTurn.Message.init), "the round")
            try expectSame(messages.map(\.message), turn.messages + turn.replies, "the messages")
            try expectSame(messages.map(\.node), [1, 2], "the nodes")
            try expectSame(messages.map(\.parent), [0, 1], "the parents")
            try expectSame(messages.map(\.index), [0, 1], "the places")
            try expectSame(messages.map(\.createdAt), [turn.at, turn.at], "the moments")
            try expectSame(messages.map(\.exchange), [turn.exchange.id, turn.exchange.id], "the exchanges")
        },
        StorageContract("an exchange is explained with the round it was recorded in") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            var expected = SampleTurns.turn(2).exchange
            expected.round = 2
            try expectSame(try test.storage.exchange(SampleTurns.exchange(2)), expected, "the record")
            try expectSame(try test.storage.exchange(SampleTurns.exchange(3)), nil, "an unknown exchange")
        },
        StorageContract("a session knows its first and last moment, its head and its numbers") { test in
            try expectSame(try test.storage.session(SampleTurns.session()), nil, "before the first change")
            try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(5)))
            let expected = SessionSnapshot(
                key: SampleTurns.session(), createdAt: SampleTurns.moment(1),
                lastActiveAt: SampleTurns.moment(5),
                head: 4, lastNode: 4, lastRound: 2)
            try expectSame(try test.storage.session(SampleTurns.session()), expected, "the snapshot")
        },
        StorageContract("rounds are walked newest first, until the visitor has enough") { test in
            for number in 1...5 { try test.storage.commit(.record(SampleTurns.turn(number))) }
            var seen: [Int] = []
            let snapshot = try test.storage.walkTurns(of: SampleTurns.session()) { turn in
                seen.append(turn.round)
                return seen.count < 3
            }
            try expectSame(seen, [5, 4, 3], "the rounds visited")
            try expectSame(snapshot?.lastRound, 5, "the snapshot's last round")
        },
        StorageContract("changes of one list are applied in order") { test in
            let receipts = try test.storage.commit(
                .journal(SampleTurns.question(1)), .record(SampleTurns.turn(1)), .record(SampleTurns.turn(2)))
            try expectSame(receipts, [.journalled, .recorded(round: 1), .recorded(round: 2)], "the receipts")
        },
        StorageContract("several replies are siblings, and the first is on the active branch") { test in
            let replies = (0..<3).map { SampleTurns.reply("choice \($0)", choice: $0) }
            try test.storage.commit(.record(SampleTurns.turn(1, replies: replies)))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            let messages = try test.storage.messages(of: SampleTurns.session())
            try expectSame(messages.map(\.parent), [0, 1, 1, 1, 2, 5], "the parents")
            try expectSame(messages.map(\.round), [1, 1, 1, 1, 2, 2], "the rounds")
            let active = try test.storage.turns(of: SampleTurns.session()).flatMap(\.messages).map(\.node)
            try expectSame(active, [1, 2, 5, 6], "the active branch")
        },
        StorageContract("the steps of an open turn share its round") { test in
            let session = SampleTurns.session()
            let call = SampleTurns.reply("call", callsTools: true)
            try test.storage.commit(.record(SampleTurns.turn(1, replies: [call])))
            try expectSame(try test.storage.turns(of: session).map(\.isOpen), [true], "the turn is open")
            let step = SampleTurns.turn(
                2, place: .openTurn(node: 2, round: 1), messages: [SampleTurns.message("42", .tool)])
            try expectSame(
                try test.storage.commit(.record(step)), [.recorded(round: 1)], "the step's receipt")
            try test.storage.commit(.record(SampleTurns.turn(3)))
            let turns = try test.storage.turns(of: session)
            try expectSame(turns.map(\.round), [1, 2], "the rounds")
            try expectSame(turns[0].messages.map(\.index), [0, 1, 2, 3], "the places in the round")
            try expectSame(turns.map(\.isOpen), [false, false], "no turn is open")
        },
        StorageContract("a step whose turn is not there begins a round of its own") { test in
            try test.storage.commit(.record(SampleTurns.turn(1)))
            let lost = SampleTurns.turn(2, place: .openTurn(node: 99, round: 1))
            try expectSame(try test.storage.commit(.record(lost)), [.recorded(round: 2)], "an unknown node")
            let strange = SampleTurns.turn(3, place: .openTurn(node: 2, round: 7))
            try expectSame(
                try test.storage.commit(.record(strange)), [.recorded(round: 3)], "another round's node")
            let parents = try test.storage.messages(of: SampleTurns.session()).map(\.parent)
            try expectSame(parents, [0, 1, 2, 3, 4, 5], "the parents")
        },
        StorageContract("an edit leaves what followed, and numbers go on") { test in
            let session = SampleTurns.session()
            for number in 1...2 { try test.storage.commit(.record(SampleTurns.turn(number))) }
            var edit = SampleTurns.turn(3, place: .behind(node: 0))
            edit.bringsHistory = true
            try expectSame(try test.storage.commit(.record(edit)), [.recorded(round: 3)], "the receipt")
            try expectSame(try test.storage.turns(of: session).map(\.round), [3], "the branch")
            let behind = SampleTurns.turn(4, place: .behind(node: 2))
            try expectSame(try test.storage.commit(.record(behind)), [.recorded(round: 4)], "the second")
            try expectSame(try test.storage.turns(of: session).map(\.round), [1, 4], "the new branch")
            let lost = SampleTurns.turn(5, place: .behind(node: 99))
            try expectSame(try test.storage.commit(.record(lost)), [.recorded(round: 5)], "a lost place")
            try expectSame(try test.storage.turns(of: session).map(\.round), [1, 4, 5], "it goes on")
            try expectSame(try test.storage.messages(of: session).count, 10, "nothing is lost")
            try test.reopen()
            try expectSame(try test.storage.session(session)?.bringsHistory, true, "what clients send")
            let other = SampleTurns.session("s2")
            try test.storage.commit(.record(SampleTurns.turn(6, in: other)))
            try expectSame(try test.storage.session(other)?.bringsHistory, false, "of another session")
        },
        StorageContract("a failed question is kept without a round, and the branch goes on without it") {
            test in
            let session = SampleTurns.session()
            try test.storage.commit(.record(SampleTurns.turn(1)))
            var question = SampleTurns.message("lost")
            question.status = .failed
            let failed = SampleTurns.turn(2, messages: [question], replies: [], outcome: .failed)
            try expectSame(try test.storage.commit(.record(failed)), [.recorded(round: nil)], "the receipt")
            try expectSame(
                try test.storage.exchange(SampleTurns.exchange(2))?.round, .some(nil), "its exchange")
            try test.storage.commit(.record(SampleTurns.turn(3)))
            let messages = try test.storage.messages(of: session)
            try expectSame(messages.map(\.round), [1, 1, nil, 2, 2], "the rounds")
            try expectSame(messages.map(\.parent), [0, 1, 2, 2, 4], "the parents")
            try expectSame(messages[2].message, question, "the question")
            try expectSame(try test.storage.turns(of: session).map(\.round), [1, 2], "the branch")
        },
        StorageContract("partial text of a cut reply is kept outside the branch") { test in
            let session = SampleTurns.session()
            var partial = SampleTurns.reply("half an ans")
            partial.status = .incomplete
            let cut = SampleTurns.turn(1, replies: [partial], outcome: .incomplete)
            try expectSame(try test.storage.commit(.record(cut)), [.recorded(round: nil)], "the receipt")
            try expectSame(try test.storage.turns(of: session), [], "the branch")
            let messages = try test.storage.messages(of: session)
            try expectSame(messages.map(\.parent), [0, 1], "the parents")
            try expectSame(messages.map(\.message.status), [.complete, .incomplete], "the statuses")
            try expectSame(try test.storage.session(session)?.lastRound, 0, "no number was taken")
        },
        StorageContract("a reply that its own client cut takes a round") { test in
            let left = SampleTurns.turn(1, outcome: .disconnected)
            try expectSame(try test.storage.commit(.record(left)), [.recorded(round: 1)], "the receipt")
        },
        StorageContract("an exchange recorded twice changes nothing and has the same receipt") { test in
            let first = try test.storage.commit(.record(SampleTurns.turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            let messages = try test.storage.messages(of: SampleTurns.session())
            let again = try test.storage.commit(
                .record(SampleTurns.turn(1, replies: [SampleTurns.reply("other")])))
            try expectSame(again, first, "the receipt")
            try expectSame(try test.storage.messages(of: SampleTurns.session()), messages, "the messages")
        },
    ]
}
