internal import MemoryCore

/// The jobs of an in-memory store.
struct InMemoryJobs {
    /// Of a kind and a session one job is to be done at a time.
    private struct Place: Hashable {
        var kind: Job.Kind
        var session: SessionKey?
    }

    private(set) var all: [UInt64: Job] = [:]
    private var active: [Place: UInt64] = [:]
    private var deadlines = InMemoryDeadlines<UInt64, UInt64> { $0 }
    private var lastID: UInt64 = 0

    /// - Returns: the job that is to be done now, a new one or one that was asked for before.
    mutating func enqueue(_ new: NewJob) -> UInt64 {
        if let id = active[Place(kind: new.kind, session: new.session)] {
            guard var job = all[id] else { return id }
            job.join(new)
            keep(job)
            return id
        }
        lastID += 1
        keep(Job(id: lastID, new))
        return lastID
    }

    /// - Returns: whether there is such a job, and it can go on that way.
    mutating func take(_ step: JobStep) -> Bool {
        guard var job = all[step.id], job.allows(step) else { return false }
        if !job.status.isActive, active[Place(kind: job.kind, session: job.session)] != nil { return false }
        job.take(step)
        keep(job)
        return true
    }

    /// Keeps a job, and in step with it where it is found.
    private mutating func keep(_ job: Job) {
        let place = Place(kind: job.kind, session: job.session)
        if job.status.isActive { active[place] = job.id }
        if !job.status.isActive, active[place] == job.id { active[place] = nil }
        let old = all[job.id].flatMap { $0.status.isActive ? $0.nextAt : nil }
        deadlines.move(job.id, from: old, to: job.status.isActive ? job.nextAt : nil)
        all[job.id] = job
    }

    /// Finished jobs go.
    ///
    /// - Returns: how many.
    mutating func forget(_ ids: [UInt64]) -> Int {
        ids.count { id in
            guard let job = all[id], !job.status.isActive else { return false }
            all[id] = nil
            return true
        }
    }

    /// Everything about a session goes.
    mutating func forget(_ session: SessionKey) {
        for job in all.values where job.session == session {
            if job.status.isActive { deadlines.move(job.id, from: job.nextAt, to: nil) }
            active[Place(kind: job.kind, session: session)] = nil
            all[job.id] = nil
        }
    }

    func due(at now: Timestamp, besides excluded: Set<UInt64>, count: Int) -> [Job] {
        let due = deadlines.due(at: now, count: count) { !excluded.contains($0) }
        return due.compactMap { all[$0] }
    }
}
