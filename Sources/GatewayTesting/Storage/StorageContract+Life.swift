internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// How sessions end, and go on.
    static let life = [
        StorageContract("a session is looked at after its idle time, and a round moves no deadline") { test in
            try test.storage.commit(.journal(question(0)))
            try expectSame(try deadline(test), SampleTurns.moment(10), "of a question")
            try test.storage.commit(.record(turn(1)), .record(turn(8)))
            try expectSame(try deadline(test), SampleTurns.moment(10), "after two rounds")
            try expectSame(try due(test, at: 9), [], "before")
            try expectSame(try due(test, at: 10), [session.name], "then")
            try expectSame(try end(test, at: 10), .ended(.notYet), "because of the second round")
            try expectSame(try deadline(test), SampleTurns.moment(18), "the new deadline")
            try test.reopen()
            try expectSame(try due(test, at: 18), [session.name], "after a restart")
            try expectSame(try end(test, at: 18), .ended(.notYet), "strictly greater")
            try expectSame(try test.storage.details(of: session)?.life.status, .open, "the status")
        },
        StorageContract("a session that ends is to be told, once, up to its last round") { test in
            try test.storage.commit(.record(turn(1)), .record(turn(2)))
            try expectSame(try end(test, at: 13), .ended(.toBeTold), "the first time")
            try expectSame(try end(test, at: 14), .ended(.before), "the second time")
            try expectSame(try end(test, at: 14, isForced: true), .ended(.before), "by hand")
            try test.reopen()
            let life = try test.storage.details(of: session)?.life
            try expectSame(life?.status, .closing, "the status")
            try expectSame(life?.endedAt, SampleTurns.moment(13), "its end")
            try expectSame(try deadline(test), nil, "the deadline")
            let jobs = try test.storage.jobs(before: nil, count: 9) { $0.kind == .endSession }
            try expectSame(jobs.map(\.round), [2], "the rounds of its jobs")
            try expectSame(jobs.first?.session, session, "the session of its job")
            try expectSame(jobs.first?.endedAt, SampleTurns.moment(13), "the end that the job belongs to")
        },
        StorageContract("a session without a round leaves nothing to be told") { test in
            try test.storage.commit(.record(turn(1, outcome: .failed)))
            try expectSame(try end(test, at: 12), .ended(.silent), "the end")
            try expectSame(try test.storage.details(of: session)?.life.status, .archived, "the status")
            try expectSame(try test.storage.jobs(before: nil, count: 9) { _ in true }, [], "the jobs")
            let unknown = SampleTurns.session("unknown")
            try expectSame(
                try test.storage.commit(.end(SessionEnding(unknown, at: SampleTurns.moment(1)))), [.absent],
                "of a session that is not there")
        },
        StorageContract("a request after the deadline ends the session, and opens it again") { test in
            try test.storage.commit(.record(turn(1)))
            try test.storage.commit(.journal(question(20)))
            try expectSame(try test.storage.details(of: session)?.life.status, .closing, "when it came")
            try test.storage.commit(.record(turn(20)))
            let life = try test.storage.details(of: session)?.life
            try expectSame(life?.status, .open, "when it was answered")
            try expectSame(life?.endedAt, nil, "its end")
            try expectSame(try deadline(test), SampleTurns.moment(30), "its deadline")
            let jobs = try test.storage.jobs(before: nil, count: 9) { $0.kind == .endSession }
            try expectSame(jobs.map(\.round), [1], "what is told")
            // What is recorded in one go with its question, and what joins a running request.
            try test.storage.commit(.journal(question(50)), .record(turn(50)))
            try expectSame(
                try test.storage.jobs(before: nil, count: 9) { $0.kind == .endSession }.map(\.round), [2],
                "what is told then")
            var running = turn(90)
            running.joinsRunning = true
            var asked = question(90)
            asked.joinsRunning = true
            try test.storage.commit(.journal(asked))
            try test.storage.commit(.record(running))
            try expectSame(
                try test.storage.jobs(before: nil, count: 9) { $0.kind == .endSession }.map(\.round), [2],
                "after one that joined")
        },
        StorageContract("a mark of an end that is no longer the last one keeps its title and rounds only") {
            test in
            try test.storage.commit(.record(turn(1)))
            _ = try end(test, at: 12)
            let first = SampleTurns.moment(12)
            try test.storage.commit(
                .mark(SessionMark(session, endedAt: first, status: .summarised, toldRound: 1)))
            try expectSame(try test.storage.details(of: session)?.life.status, .summarised, "the status")
            try test.storage.commit(.mark(SessionMark(session, endedAt: first, status: .closing)))
            try expectSame(try test.storage.details(of: session)?.life.status, .summarised, "not back")
            try test.storage.commit(.record(turn(13)))
            try test.storage.commit(
                .mark(SessionMark(session, endedAt: first, status: .archived, title: "T", toldRound: 1)))
            let life = try test.storage.details(of: session)?.life
            try expectSame(life?.status, .open, "the status of a session that went on")
            try expectSame(life?.title, "T", "its title")
            try expectSame(life?.toldRound, 1, "its told round")
            _ = try end(test, at: 30)
            try test.storage.commit(.mark(SessionMark(session, endedAt: first, status: .archived)))
            try expectSame(try test.storage.details(of: session)?.life.status, .closing, "of another end")
            try test.storage.commit(
                .mark(SessionMark(session, endedAt: SampleTurns.moment(30), status: .archived)))
            try test.reopen()
            try expectSame(try test.storage.details(of: session)?.life.status, .archived, "of its own end")
        },
        StorageContract("a session keeps its terms, but how it was found first stays; usage adds up") {
            test in
            var first = turn(1)
            first.terms = SessionTerms(
                policy: "bot", idleMicroseconds: 5, resolution: "new", upstream: "u", model: "m",
                makesTitle: false)
            var second = turn(2)
            second.terms = SessionTerms(
                policy: "default", idleMicroseconds: 7, resolution: "explicit", upstream: "v", model: "n",
                makesTitle: true)
            second.replies[0].usage = nil
            second.joinsRunning = true
            try test.storage.commit(.record(first), .record(second))
            var found = second.terms
            found.resolution = "new"
            try expectSame(try test.storage.details(of: session)?.life.terms, found, "the terms")
            var late = SampleTurns.reply("answer 2")
            late.usage = TokenUsage(prompt: 100, completion: 10, cached: 1)
            let amended = AmendedReply(
                exchange: SampleTurns.exchange(2), session: session, replies: [late])
            try test.storage.commit(.amend(amended))
            try test.storage.commit(.amend(amended))
            try test.reopen()
            let details = try test.storage.details(of: session)
            try expectSame(
                details?.usage, SessionUsage(prompt: 112, completion: 44, cached: 6), "the usage")
            try expectSame(details?.messages, 4, "the messages")
            try expectSame(
                try test.storage.jobs(before: nil, count: 9) { $0.kind == .title }.map(\.round), [2],
                "the title job")
        },
    ]

    private static let session = SampleTurns.session()
    private static let terms = SessionTerms(idleMicroseconds: 10_000_000, makesTitle: false)

    private static func turn(_ number: Int, outcome: ExchangeOutcome = .recorded) -> RecordedTurn {
        var turn = SampleTurns.turn(
            number, replies: outcome == .failed ? [] : nil, outcome: outcome)
        turn.terms = terms
        return turn
    }

    private static func question(_ number: Int) -> JournalledTurn {
        var question = SampleTurns.question(number)
        question.terms = terms
        return question
    }

    private static func deadline(_ test: StorageUnderTest) throws -> Timestamp? {
        let first = try test.storage.nextSessionDeadline()
        try expectSame(try test.storage.details(of: session)?.life.deadline, first, "the kept deadline")
        return first
    }

    private static func due(_ test: StorageUnderTest, at second: Int) throws -> [String] {
        try test.storage.dueSessions(at: SampleTurns.moment(second), count: 9).map(\.name)
    }

    private static func end(
        _ test: StorageUnderTest, at second: Int, isForced: Bool = false
    ) throws -> ChangeReceipt? {
        let ending = SessionEnding(session, at: SampleTurns.moment(second), isForced: isForced)
        return try test.storage.commit(.end(ending)).first
    }
}
