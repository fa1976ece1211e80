internal import MemoryCore
internal import MemoryStore

extension StorageContract {
    /// How jobs are kept until they are done.
    static let jobs = [
        StorageContract("one job of a kind and session is to be done at a time, and a second one joins it") {
            test in
            let first = try enqueue(test, .endSession, "a", round: 1, at: 5)
            try expectSame(try enqueue(test, .endSession, "a", round: 3, at: 6), first, "the same")
            let others = [
                try enqueue(test, .title, "a", round: 1, at: 4),
                try enqueue(test, .endSession, "b", round: 1, at: 3),
                try enqueue(test, .cleanUp, nil, round: 0, at: 2),
            ]
            try expectSame(Set(others + [first]).count, 4, "the numbers")
            try test.reopen()
            try expectSame(try test.storage.job(first)?.round, 3, "its round")
            try expectSame(try due(test, at: 4), [others[2], others[1], others[0]], "what is due")
            try expectSame(
                try due(test, at: 5, besides: [first, others[1]]), [others[2], others[0]], "the rest")
            try expectSame(try due(test, at: 5, count: 2), [others[2], others[1]], "the first two")
        },
        StorageContract("a job that fails waits for its time, and one that is broken off loses no attempt") {
            test in
            let id = try enqueue(test, .title, "a", round: 2, at: 1)
            try step(test, id, .begun, at: 1)
            try expectSame(try test.storage.job(id)?.status, .running, "the status")
            // A crash leaves it due.
            try test.reopen()
            try expectSame(try due(test, at: 1), [id], "after a crash")
            try step(test, id, .wait(SampleTurns.moment(9), error: "503"), at: 2)
            try expectSame(try due(test, at: 8), [], "before its time")
            try expectSame(try due(test, at: 9), [id], "at its time")
            try step(test, id, .begun, at: 9)
            try step(test, id, .putBack(SampleTurns.moment(20)), at: 10)
            let job = try test.storage.job(id)
            try expectSame(job?.attempts, 1, "the attempts")
            try expectSame(job?.status, .queued, "the status of a job that was put back")
            try expectSame(job?.error, "503", "the error")
            try expectSame(try due(test, at: 19), [], "before it goes on")
        },
        StorageContract("a job is done up to a round; what was said since is done again") { test in
            let id = try enqueue(test, .endSession, "a", round: 2, at: 1)
            try step(test, id, .begun, at: 1)
            try expectSame(try enqueue(test, .endSession, "a", round: 4, at: 2), id, "while it runs")
            try step(test, id, .done(round: 2), at: 3)
            try expectSame(try test.storage.job(id)?.status, .queued, "after the first")
            try expectSame(try due(test, at: 3), [id], "due at once")
            try step(test, id, .done(round: 4), at: 4)
            try expectSame(try test.storage.job(id)?.status, .done, "after the second")
            try expectSame(try due(test, at: 99), [], "nothing is due")
            let next = try enqueue(test, .endSession, "a", round: 5, at: 5)
            try expectHolds(next != id, "a later end is a job of its own")
            let again = try test.storage.commit(.step(JobStep(id, .again, at: SampleTurns.moment(6))))
            try expectSame(again, [.absent], "one that is overtaken is not done again")
        },
        StorageContract("a job that failed for good is done again when somebody asks") { test in
            let id = try enqueue(test, .title, "a", round: 2, at: 1)
            try step(test, id, .failed("401"), at: 2)
            try expectSame(try due(test, at: 99), [], "nothing is due")
            for outcome: JobStep.Outcome in [.begun, .done(round: 2), .failed("x")] {
                let receipt = try test.storage.commit(.step(JobStep(id, outcome, at: SampleTurns.moment(3))))
                try expectSame(receipt, [.absent], "what is over does not go on: \(outcome)")
            }
            try step(test, id, .again, at: 4)
            try test.reopen()
            let job = try test.storage.job(id)
            try expectSame(job?.status, .queued, "the status")
            try expectSame(job?.attempts, 0, "the attempts")
            try expectSame(try due(test, at: 4), [id], "what is due")
            try expectSame(
                try test.storage.commit(.step(JobStep(999, .begun, at: SampleTurns.moment(1)))), [.absent],
                "an unknown one")
        },
        StorageContract("jobs are listed newest first, by pages") { test in
            var ids: [UInt64] = []
            for number in 0..<5 { ids.append(try enqueue(test, .title, "s\(number)", round: 1, at: number)) }
            try step(test, ids[3], .done(round: 1), at: 9)
            func list(before: UInt64?, _ count: Int) throws -> [UInt64] {
                try test.storage.jobs(before: before, count: count) { $0.status == .queued }.map(\.id)
            }
            try expectSame(try list(before: nil, 2), [ids[4], ids[2]], "the first page")
            try expectSame(try list(before: ids[2], 9), [ids[1], ids[0]], "the second page")
        },
    ]

    private static func enqueue(
        _ test: StorageUnderTest, _ kind: Job.Kind, _ session: String?, round: Int, at second: Int
    ) throws -> UInt64 {
        let key = session.map { SampleTurns.session($0) }
        let job = NewJob(kind, session: key, round: round, at: SampleTurns.moment(second))
        guard case .queued(let id)? = try test.storage.commit(.enqueue(job)).first else {
            throw ContractBroken("a job was not queued")
        }
        return id
    }

    private static func step(
        _ test: StorageUnderTest, _ id: UInt64, _ outcome: JobStep.Outcome, at second: Int
    ) throws {
        let receipt = try test.storage.commit(.step(JobStep(id, outcome, at: SampleTurns.moment(second))))
        try expectSame(receipt, [.kept], "the step \(outcome)")
    }

    private static func due(
        _ test: StorageUnderTest, at second: Int, besides excluded: Set<UInt64> = [], count: Int = 9
    ) throws -> [UInt64] {
        try test.storage.dueJobs(at: SampleTurns.moment(second), besides: excluded, count: count).map(\.id)
    }
}
