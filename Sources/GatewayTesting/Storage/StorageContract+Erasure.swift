internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// Sessions, records and jobs that go for good.
    static let erasure = [
        StorageContract("a session that is erased is gone with everything of it, and its name begins anew") {
            test in
            let (key, other) = (SampleTurns.session("a"), SampleTurns.session("b"))
            try fill(test, key, number: 1)
            try fill(test, other, number: 2)
            try test.storage.commit(.erase(erasure(key)))
            for _ in 0..<2 {
                try expectSame(try test.storage.session(key), nil, "the session")
                try expectSame(try test.storage.messages(of: key), [], "its messages")
                try expectSame(try test.storage.summaries(of: key), [], "its chain")
                try expectSame(try test.storage.exchange(SampleTurns.exchange(1)), nil, "its record")
                try expectSame(try told(test), ["b"], "what the owner's next session is told")
                try expectSame(try test.storage.sessions(withID: "a", tenant: nil).count, 0, "its id")
                let jobs = try test.storage.jobs(before: nil, count: 9) { _ in true }
                try expectSame(jobs.compactMap(\.session?.name), ["b"], "its jobs")
                try expectSame(try aged(test, .oldestMessage, before: 99), ["b"], "what is old")
                try expectSame(try aged(test, .lastActivity, before: 99), ["b"], "what is old by activity")
                try expectSame(try test.storage.statistics().sessions, 1, "the sessions")
                try test.reopen()
            }
            try test.storage.commit(.record(SampleTurns.turn(7, in: key)))
            try expectSame(try test.storage.turns(of: key).map(\.round), [1], "its first round")
            try expectSame(try test.storage.details(of: key)?.id, "a", "its id is its name again")
        },
        StorageContract("a session that goes on, is open or has a question under way is not erased") { test in
            let key = SampleTurns.session("a")
            try test.storage.commit(.record(SampleTurns.turn(1, in: key)))
            try expectSame(try test.storage.commit(.erase(erasure(key))), [.absent], "an open one")
            try test.storage.commit(.end(SessionEnding(key, at: SampleTurns.moment(2), isForced: true)))
            let early = SessionErasure(key, ifNotActiveSince: SampleTurns.moment(1))
            try expectSame(try test.storage.commit(.erase(early)), [.absent], "one that was active then")
            try test.storage.commit(.journal(SampleTurns.question(3, in: key)))
            try expectSame(try test.storage.commit(.erase(erasure(key))), [.absent], "one that is asked")
            try test.storage.commit(.record(SampleTurns.turn(3, in: key)))
            try test.storage.commit(.end(SessionEnding(key, at: SampleTurns.moment(4), isForced: true)))
            try expectSame(try test.storage.commit(.erase(erasure(key))), [.deleted(4)], "one that is over")
            try expectSame(try test.storage.commit(.erase(erasure(key))), [.absent], "one that is gone")
        },
        StorageContract("what only names an erased session is read as gone") { test in
            let key = SampleTurns.session("a")
            var failed = SampleTurns.turn(1, in: key)
            failed.fingerprints = [RequestFingerprint(.idempotencyKey, high: 1, low: 2, isRetry: true)]
            try test.storage.commit(.record(failed))
            let job = try test.storage.commit(
                .enqueue(NewJob(.title, session: key, round: 1, at: SampleTurns.moment(1))))
            guard case .queued(let id) = job.first else { throw ContractBroken("no job") }
            try test.storage.commit(.step(JobStep(id, .failed("no"), at: SampleTurns.moment(2))))
            try test.storage.commit(.end(SessionEnding(key, at: SampleTurns.moment(2), isForced: true)))
            try test.storage.commit(.erase(erasure(key)))
            try expectSame(try test.storage.job(id), nil, "a finished job")
            let known = try test.storage.request(
                failed.fingerprints, of: key.owner, at: SampleTurns.moment(3))
            try expectSame(known, nil, "a request that comes again")
            try test.storage.commit(.forgetJobs([id]))
        },
        StorageContract("records are found from the oldest on, and forgotten one by one") { test in
            for number in 1...4 { try test.storage.commit(.record(SampleTurns.turn(number))) }
            func list(after last: Int?, before second: Int, _ count: Int = 9) throws -> [ExchangeID] {
                try test.storage.agedExchanges(
                    after: last.map { SampleTurns.exchange($0) }, before: SampleTurns.moment(second),
                    count: count
                ).map(\.id)
            }
            let ids = (1...4).map { SampleTurns.exchange($0) }
            try expectSame(try list(after: nil, before: 4), Array(ids[..<3]), "strictly before")
            try expectSame(try list(after: nil, before: 9, 2), Array(ids[..<2]), "the first page")
            try expectSame(try list(after: 2, before: 9), Array(ids[2...]), "the second page")
            let receipt = try test.storage.commit(
                .forgetExchanges([ids[0], ids[2], SampleTurns.exchange(9)]))
            try expectSame(receipt, [.deleted(2)], "the receipt")
            try test.reopen()
            try expectSame(try list(after: nil, before: 9), [ids[1], ids[3]], "what is left")
            try expectSame(try list(after: 3, before: 9), [ids[3]], "behind one that is gone")
            let left = try test.storage.agedExchanges(
                after: nil, before: SampleTurns.moment(9), count: 1
            ).first
            try expectSame(left?.policy, "default", "its policy")
            try expectSame(left?.hasStandingText, false, "its text is another's")
            try expectSame(left?.sessionActiveAt, SampleTurns.moment(4), "its session's activity")
        },
        StorageContract("finished jobs are found by when they were finished, and forgotten") { test in
            var ids: [UInt64] = []
            for name in ["a", "b", "c"] {
                let job = NewJob(.title, session: SampleTurns.session(name), at: SampleTurns.moment(1))
                let receipt = try test.storage.commit(.enqueue(job))
                if case .queued(let id) = receipt.first { ids.append(id) }
            }
            try test.storage.commit(.step(JobStep(ids[0], .done(round: 0), at: SampleTurns.moment(5))))
            try test.storage.commit(.step(JobStep(ids[1], .failed("no"), at: SampleTurns.moment(3))))
            func found(before second: Int) throws -> [UInt64] {
                try test.storage.finishedJobs(before: SampleTurns.moment(second), count: 9)
            }
            try expectSame(try found(before: 5), [ids[1]], "strictly before")
            try expectSame(try found(before: 9), [ids[1], ids[0]], "all that are finished")
            let tallies = [
                JobTally(.title, .done): 1, JobTally(.title, .failed): 1, JobTally(.title, .queued): 1,
            ]
            try expectSame(try test.storage.statistics().jobs.filter { $1 > 0 }, tallies, "their number")
            try expectSame(
                try test.storage.commit(.forgetJobs(ids)), [.deleted(2)], "what is to be done stays")
            try test.reopen()
            try expectSame(try found(before: 9), [], "nothing finished is left")
            try expectSame(
                try test.storage.statistics().jobs.filter { $1 > 0 }, [JobTally(.title, .queued): 1],
                "one is left")
        },
        StorageContract("a clean-up that is asked for early comes early, other work keeps its time") { test in
            for (kind, session) in [(Job.Kind.cleanUp, String?.none), (.title, "a")] {
                let key = session.map { SampleTurns.session($0) }
                let first = NewJob(kind, session: key, at: SampleTurns.moment(9))
                try test.storage.commit(.enqueue(first))
                try test.storage.commit(.enqueue(NewJob(kind, session: key, at: SampleTurns.moment(4))))
            }
            func due(at second: Int) throws -> [Job.Kind] {
                try test.storage.dueJobs(at: SampleTurns.moment(second), besides: [], count: 9).map(\.kind)
            }
            try expectSame(try due(at: 4), [.cleanUp], "at its earlier time")
            try expectSame(try due(at: 9), [.cleanUp, .title], "at the other's")
            let id = try test.storage.dueJobs(at: SampleTurns.moment(4), besides: [], count: 1).first?.id ?? 0
            try test.storage.commit(.step(JobStep(id, .begun, at: SampleTurns.moment(5))))
            let again = JobStep(id, .repeated(SampleTurns.moment(20)), at: SampleTurns.moment(6))
            try test.storage.commit(.step(again))
            try test.reopen()
            let job = try test.storage.job(id)
            try expectSame(job?.status, .queued, "it is not over")
            try expectSame(job?.attempts, 0, "its attempts")
            try expectSame(try due(at: 19), [.title], "before it comes round")
        },
        StorageContract("sessions are counted by how far they are") { test in
            for (number, name) in [(1, "a"), (2, "b"), (3, "c")] {
                try test.storage.commit(.record(SampleTurns.turn(number, in: SampleTurns.session(name))))
            }
            let key = SampleTurns.session("b")
            try test.storage.commit(.end(SessionEnding(key, at: SampleTurns.moment(4), isForced: true)))
            try test.reopen()
            let count = try test.storage.statistics().sessionsByStatus.filter { $1 > 0 }
            try expectSame(count, [.open: 2, .closing: 1], "the count")
        },
    ]

    private static func erasure(_ key: SessionKey) -> SessionErasure {
        SessionErasure(key, ifNotActiveSince: SampleTurns.moment(900))
    }

    /// A session that has everything a session can have, and is over.
    private static func fill(_ test: StorageUnderTest, _ key: SessionKey, number: Int) throws {
        var turn = SampleTurns.turn(
            number, in: key, messages: [SampleTurns.message(String(repeating: "long ", count: 30_000))])
        turn.context = SessionContext(standing: StandingText("x", items: 1), firstRound: 1, settings: 7)
        turn.becomesCurrent = true
        try test.storage.commit(.record(turn))
        let summary = SessionSummary(
            session: key, number: 1, parent: nil, purpose: .end, rounds: 1...1, anchor: 2, text: key.name,
            model: nil, createdAt: SampleTurns.moment(number))
        try test.storage.commit(.summarise(summary))
        try test.storage.commit(.end(SessionEnding(key, at: SampleTurns.moment(5), isForced: true)))
    }

    private static func told(_ test: StorageUnderTest) throws -> [String] {
        let asking = SampleTurns.session("z")
        return try test.storage.endSummaries(of: asking.owner, besides: asking, count: 9).map(\.text)
    }
}
