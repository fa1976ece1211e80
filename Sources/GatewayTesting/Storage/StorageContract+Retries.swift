internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// Requests that their clients send again, and say so.
    static let retries = [
        StorageContract("a further try adds a reply to the round, and that one is replayed") { test in
            try test.storage.commit(.record(turn(1)))
            try expectSame(
                try test.storage.commit(.record(turn(2, reply: "again"))), [.recorded(round: 1)], "the retry")
            try test.storage.commit(.record(SampleTurns.turn(3)))
            let messages = try test.storage.messages(of: session)
            try expectSame(messages.map(\.round), [1, 1, 1, 2, 2], "the rounds")
            try expectSame(messages.map(\.parent), [0, 1, 1, 3, 4], "the parents")
            let active = try test.storage.turns(of: session).flatMap(\.messages).map(\.node)
            try expectSame(active, [1, 3, 4, 5], "the active branch")
        },
        StorageContract("a further try that is late stays beside the branch") { test in
            try test.storage.commit(.record(turn(1)))
            try test.storage.commit(.record(SampleTurns.turn(2)))
            try test.storage.commit(.record(turn(3, reply: "late")))
            let active = try test.storage.turns(of: session).flatMap(\.messages).map(\.node)
            try expectSame(active, [1, 2, 3, 4], "the active branch")
            try expectSame(try test.storage.session(session)?.lastRound, 2, "the rounds")
        },
        StorageContract("a try after a failed one answers the same question, also after a restart") { test in
            var question = SampleTurns.message("q")
            question.status = .failed
            for number in 1...2 {
                let failed = turn(number, messages: [question], replies: [], outcome: .failed)
                try expectSame(
                    try test.storage.commit(.record(failed)), [.recorded(round: nil)], "try \(number)")
            }
            try test.reopen()
            try expectSame(
                try test.storage.commit(.record(turn(3))), [.recorded(round: 1)], "the third try")
            let messages = try test.storage.messages(of: session)
            try expectSame(messages.map(\.round), [1, 1], "the rounds")
            try expectSame(messages.map(\.message.status), [.complete, .complete], "the statuses")
            try expectSame(try test.storage.turns(of: session).map(\.round), [1], "the branch")
        },
        StorageContract("a try that fails after one that did not leaves that one alone") { test in
            try test.storage.commit(.record(turn(1)))
            let failed = turn(2, replies: [], outcome: .failed)
            try expectSame(try test.storage.commit(.record(failed)), [.recorded(round: nil)], "the second")
            try expectSame(
                try test.storage.commit(.record(turn(3, reply: "b"))), [.recorded(round: 1)], "the third")
            try expectSame(try test.storage.messages(of: session).map(\.round), [1, 1, 1], "the rounds")
        },
        StorageContract("a try of a question that a crash cut off answers it") { test in
            var journalled = SampleTurns.question(1)
            journalled.fingerprints = [fingerprint()]
            try test.storage.commit(.journal(journalled))
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(2)), 1, "recovered")
            try expectSame(
                try test.storage.request([fingerprint()], of: session.owner, at: SampleTurns.moment(3)),
                KnownRequest(session: session, round: nil), "what is known of it")
            try expectSame(try test.storage.commit(.record(turn(3))), [.recorded(round: 1)], "the retry")
            try expectSame(try test.storage.messages(of: session).map(\.round), [1, 1], "the rounds")
        },
        StorageContract("the question of a further try that a crash cut off is not kept again") { test in
            try test.storage.commit(.record(turn(1)))
            var journalled = SampleTurns.question(2)
            journalled.fingerprints = [fingerprint()]
            try test.storage.commit(.journal(journalled))
            try test.reopen()
            try expectSame(try test.storage.recoverInterrupted(at: SampleTurns.moment(3)), 0, "recovered")
            try expectSame(try test.storage.messages(of: session).count, 2, "the messages")
        },
        StorageContract("a further try may end before the first one") { test in
            try test.storage.commit(.record(turn(2, fingerprint(.countedTry, isRetry: true))))
            let first = turn(1, fingerprint(.countedTry, isRetry: false), reply: "first")
            try expectSame(try test.storage.commit(.record(first)), [.recorded(round: 1)], "the first try")
            try expectSame(try test.storage.messages(of: session).map(\.round), [1, 1, 1], "the rounds")
            let active = try test.storage.turns(of: session).flatMap(\.messages).map(\.node)
            try expectSame(active, [1, 2], "the reply that the client has")
        },
        StorageContract("the same body after a retry, without a word of another, is a further round") {
            test in
            for (number, isRetry) in [(1, false), (2, true)] {
                try test.storage.commit(
                    .record(turn(number, fingerprint(.countedTry, isRetry: isRetry))))
            }
            let again = turn(3, fingerprint(.countedTry, isRetry: false))
            try expectSame(try test.storage.commit(.record(again)), [.recorded(round: 2)], "the receipt")
        },
        StorageContract("the same body under a new key, counted as a first try, is a further round") { test in
            for number in 1...2 {
                var turn = turn(number, fingerprint(.idempotencyKey, low: UInt64(number)))
                turn.fingerprints.append(fingerprint(.countedTry, isRetry: false))
                try expectSame(
                    try test.storage.commit(.record(turn)), [.recorded(round: number)], "request \(number)")
            }
        },
        StorageContract("the same body without a word of a retry is a further round") { test in
            for number in 1...2 {
                try expectSame(
                    try test.storage.commit(
                        .record(turn(number, fingerprint(.countedTry, isRetry: false)))),
                    [.recorded(round: number)], "request \(number)")
            }
        },
        StorageContract("retries are known for their time, by their owner, in their session") { test in
            try test.storage.commit(.record(turn(1, fingerprint(.countedTry, isRetry: false))))
            let retry = [fingerprint(.countedTry, isRetry: true)]
            func known(_ owner: SessionOwner, _ second: Int) throws -> KnownRequest? {
                try test.storage.request(retry, of: owner, at: SampleTurns.moment(second))
            }
            let anna = session.owner
            try expectSame(
                try known(anna, 600), KnownRequest(session: session, round: 1), "after ten minutes")
            try expectSame(try known(anna, 601), nil, "later")
            let bert = SampleTurns.session(user: "bert").owner
            try expectSame(try known(bert, 2), nil, "another user")
            try expectSame(
                try test.storage.request(
                    [fingerprint(.idempotencyKey)], of: anna, at: SampleTurns.moment(2)),
                nil, "another way to announce it")
            let elsewhere = turn(2, retry[0], in: SampleTurns.session("s2"))
            try expectSame(
                try test.storage.commit(.record(elsewhere)), [.recorded(round: 1)], "another session")
        },
        StorageContract("of many requests the old ones are forgotten, the new ones known") { test in
            let day = 24 * 3600
            for number in 1...40 {
                var turn = turn(number, fingerprint(low: UInt64(number)))
                turn.at = SampleTurns.moment(number * day)
                try test.storage.commit(.record(turn))
            }
            let last = try test.storage.request(
                [fingerprint(low: 40)], of: session.owner, at: SampleTurns.moment(40 * day + 5))
            try expectSame(last?.round, 40, "the newest")
            let first = try test.storage.request(
                [fingerprint(low: 1)], of: session.owner, at: SampleTurns.moment(40 * day + 5))
            try expectSame(first, nil, "the oldest")
        },
    ]

    private static let session = SampleTurns.session()

    private static func fingerprint(
        _ kind: RequestFingerprint.Kind = .idempotencyKey, low: UInt64 = 7, isRetry: Bool = true
    ) -> RequestFingerprint {
        RequestFingerprint(kind, high: 1, low: low, isRetry: isRetry)
    }

    private static func turn(
        _ number: Int, _ fingerprint: RequestFingerprint = fingerprint(), in session: SessionKey = session,
        messages: [NewMessage]? = nil, reply: String = "a", replies: [NewMessage]? = nil,
        outcome: ExchangeOutcome = .recorded
    ) -> RecordedTurn {
        var turn = SampleTurns.turn(
            number, in: session, messages: messages ?? [SampleTurns.message("q")],
            replies: replies ?? [SampleTurns.reply(reply)], outcome: outcome)
        turn.fingerprints = [fingerprint]
        return turn
    }
}
