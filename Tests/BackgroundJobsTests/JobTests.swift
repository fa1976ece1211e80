import GatewayTesting
import MemoryCore
import RepeatableRandom
import Testing

@Suite("Work that is kept until it is done")
struct JobTests {
    private static func at(_ seconds: Int) -> Timestamp { SampleTurns.moment(seconds) }

    private static let asked = NewJob(
        .endSession, session: SampleTurns.session(), round: 2, endedAt: at(1), at: at(1))

    private static func job(_ status: Job.Status) -> Job {
        var job = Job(id: 7, asked)
        job.status = status
        return job
    }

    private static let outcomes: [JobStep.Outcome] = [
        .begun, .putBack(at(9)), .wait(at(9), error: "503"), .failed("401"), .done(round: 2), .again,
    ]

    @Test("A job that was just asked for is queued, due at once")
    func new() {
        let job = Job(id: 7, Self.asked)
        #expect(job.status == .queued && job.attempts == 0 && job.error == nil)
        #expect(job.nextAt == Self.at(1) && job.createdAt == Self.at(1))
        #expect(job.round == 2 && job.endedAt == Self.at(1))
    }

    @Test("What is over can only be done again; what is to be done goes on, and is hurried where it waits")
    func allowed() {
        for status in Job.Status.allCases {
            for outcome in Self.outcomes {
                let isAllowed = Self.job(status).allows(JobStep(7, outcome, at: Self.at(5)))
                let expected: Bool =
                    switch (status, outcome) {
                    case (.queued, .again), (.running, .again): false
                    case (.failed, .again), (.done, .again): true
                    case (.failed, _), (.done, _): false
                    default: true
                    }
                #expect(isAllowed == expected, "\(outcome) of a job that is \(status)")
            }
        }
    }

    @Test("Every step leads where it should")
    func steps() {
        var job = Self.job(.queued)
        job.take(JobStep(7, .begun, at: Self.at(2)))
        #expect(job.status == .running && job.attempts == 1 && job.nextAt == Self.at(1))
        job.take(JobStep(7, .wait(Self.at(9), error: "503"), at: Self.at(3)))
        #expect(job.status == .waiting && job.attempts == 1 && job.nextAt == Self.at(9))
        #expect(job.error == "503")
        job.take(JobStep(7, .begun, at: Self.at(9)))
        job.take(JobStep(7, .putBack(Self.at(20)), at: Self.at(10)))
        #expect(job.status == .queued && job.attempts == 1 && job.nextAt == Self.at(20))
        #expect(job.error == "503")
        job.take(JobStep(7, .failed("gone"), at: Self.at(21)))
        #expect(job.status == .failed && job.error == "gone" && job.nextAt == Self.at(21))
        job.take(JobStep(7, .again, at: Self.at(30)))
        #expect(job.status == .queued && job.attempts == 0 && job.error == nil && job.nextAt == Self.at(30))
        job.take(JobStep(7, .done(round: 2), at: Self.at(31)))
        #expect(job.status == .done && job.error == nil && job.nextAt == Self.at(31))
    }

    @Test("A job that never began loses no attempt by being put back")
    func attempts() {
        var job = Self.job(.queued)
        for _ in 0..<3 { job.take(JobStep(7, .putBack(Self.at(2)), at: Self.at(2))) }
        #expect(job.attempts == 0)
    }

    @Test("A further end raises the round, never lowers it, and a job done up to less goes on")
    func joined() {
        var job = Self.job(.running)
        job.join(NewJob(.endSession, session: job.session, round: 5, endedAt: Self.at(8), at: Self.at(8)))
        #expect(job.round == 5 && job.endedAt == Self.at(8) && job.status == .running)
        job.join(NewJob(.endSession, session: job.session, round: 1, at: Self.at(9)))
        #expect(job.round == 5 && job.endedAt == Self.at(8))
        job.attempts = 3
        job.take(JobStep(7, .done(round: 2), at: Self.at(10)))
        #expect(job.status == .queued && job.attempts == 0 && job.nextAt == Self.at(10))
        job.take(JobStep(7, .done(round: 5), at: Self.at(11)))
        #expect(job.status == .done)
    }

    @Test("Names are those of the admin API")
    func names() {
        #expect(Job.Kind.allCases.map(\.name) == ["end-session", "title", "clean-up"])
        #expect(Job.Status.allCases.map(\.name) == ["queued", "running", "waiting", "failed", "done"])
        #expect(Job.Status.allCases.filter(\.isActive) == [.queued, .running, .waiting])
    }

    @Test("Whatever happens: what is over stays so until it is asked for again, and attempts count up by one")
    func randomWalk() {
        for seed in 0..<300 {
            var random = SeededRandom(seed: UInt64(seed))
            var job = Job(id: 7, Self.asked)
            for second in 2..<200 {
                let before = job
                if random.percent(10) {
                    job.join(
                        NewJob(
                            .endSession, session: job.session, round: Int.random(in: 0...9, using: &random),
                            at: Self.at(second)))
                    #expect(job.round >= before.round && job.status == before.status, "seed \(seed)")
                    continue
                }
                let outcome = Self.outcomes.randomElement(using: &random) ?? .begun
                let step = JobStep(7, outcome, at: Self.at(second))
                guard job.allows(step) else { continue }
                job.take(step)
                if !before.status.isActive { #expect(outcome == .again, "seed \(seed)") }
                if job.status == .done { #expect(outcome == .done(round: 2) && job.round <= 2) }
                if job.status == .failed { #expect(outcome == .failed("401"), "seed \(seed)") }
                #expect((0...before.attempts + 1).contains(job.attempts), "seed \(seed)")
                #expect(job.id == 7 && job.kind == .endSession && job.createdAt == before.createdAt)
                #expect(job.nextAt >= Self.at(1), "seed \(seed)")
            }
        }
    }
}
