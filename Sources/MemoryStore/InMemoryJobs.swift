internal import MemoryCore

/// The jobs of an in-memory store.
struct InMemoryJobs {
    private(set) var all: [UInt64: Job] = [:]
    private var lastID: UInt64 = 0

    /// - Returns: the job that is to be done now, a new one or one that was asked for before.
    mutating func enqueue(_ new: NewJob) -> UInt64 {
        if let id = active(new.kind, new.session) {
            all[id]?.join(new)
            return id
        }
        lastID += 1
        all[lastID] = Job(id: lastID, new)
        return lastID
    }

    /// - Returns: whether there is such a job, and it can go on that way.
    mutating func take(_ step: JobStep) -> Bool {
        guard var job = all[step.id], job.allows(step) else { return false }
        if !job.status.isActive, active(job.kind, job.session) != nil { return false }
        job.take(step)
        all[step.id] = job
        return true
    }

    private func active(_ kind: Job.Kind, _ session: SessionKey?) -> UInt64? {
        all.values.first { $0.kind == kind && $0.session == session && $0.status.isActive }?.id
    }

    func due(at now: Timestamp, besides excluded: Set<UInt64>, count: Int) -> [Job] {
        let due = all.values.filter {
            $0.status.isActive && $0.nextAt <= now && !excluded.contains($0.id)
        }
        return Array(due.sorted { ($0.nextAt, $0.id) < ($1.nextAt, $1.id) }.prefix(count))
    }
}
