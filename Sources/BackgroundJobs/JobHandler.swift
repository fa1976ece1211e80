package import MemoryCore
package import MemoryStore

/// Does the work of one kind of job.
package protocol JobHandler: Sendable {
    /// Works on a job, as often as it takes: whatever was done before a crash is found in the store. Ends
    /// soon once it is broken off.
    func run(_ job: Job, _ cancellation: Cancellation) async -> JobResult

    /// What leaves its session in order where the job was begun too often without an end.
    func whenGivenUp(_ job: Job) -> [MemoryChange]
}

/// What came of a run.
package enum JobResult: Sendable {
    /// It is done up to a round; the changes are committed together with that.
    case done(round: Int, [MemoryChange])
    /// It failed for now: tried again after a while that grows, or after as long as the other side asked for.
    case retry(error: String, after: Duration?)
    /// It could not run, through no fault of its own: tried again after a while, no attempt lost.
    case putBack(after: Duration)
    /// It is done for now, and comes round again after a while.
    case again(after: Duration)
    /// It will never succeed; the changes leave what it concerns in order.
    case failed(error: String, [MemoryChange])
}
