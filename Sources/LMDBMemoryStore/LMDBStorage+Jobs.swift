public import MemoryCore
public import MemoryStore

/// What is due, and the jobs.
extension LMDBStorage {
    /// Sessions to be looked at, as last committed.
    public func dueSessions(at now: Timestamp, count: Int) throws(StoreError) -> [SessionKey] {
        try environment.read { (transaction) throws(StoreError) in
            let ids = try tables.subjects(of: .session, until: now, count: count, in: transaction) { _ in
                true
            }
            var keys: [SessionKey] = []
            for id in ids { keys.append(try tables.sessionKey(of: id, in: transaction)) }
            return keys
        }
    }

    /// The first moment at which a session is to be looked at, as last committed.
    public func nextSessionDeadline() throws(StoreError) -> Timestamp? {
        try environment.read { (transaction) throws(StoreError) in
            try tables.firstDeadline(of: .session, in: transaction)
        }
    }

    /// Jobs that are due, as last committed.
    public func dueJobs(
        at now: Timestamp, besides excluded: Set<UInt64>, count: Int
    ) throws(StoreError) -> [Job] {
        try environment.read { (transaction) throws(StoreError) in
            let ids = try tables.subjects(of: .job, until: now, count: count, in: transaction) {
                !excluded.contains($0)
            }
            var jobs: [Job] = []
            for id in ids {
                if let row = try tables.job(id, in: transaction) { jobs.append(row.job) }
            }
            return jobs
        }
    }

    /// A job, as last committed.
    public func job(_ id: UInt64) throws(StoreError) -> Job? {
        try environment.read { (transaction) throws(StoreError) in
            try tables.job(id, in: transaction)?.job
        }
    }

    /// Jobs, newest first, as last committed.
    public func jobs(
        before earlier: UInt64?, count: Int, where isWanted: (Job) -> Bool
    ) throws(StoreError) -> [Job] {
        try environment.read { (transaction) throws(StoreError) in
            var found: [Job] = []
            var below = earlier ?? UInt64.max
            while found.count < count,
                let id = try tables.lastJob(before: below, in: transaction)
            {
                below = id
                if let row = try tables.job(id, in: transaction), isWanted(row.job) { found.append(row.job) }
            }
            return found
        }
    }
}
