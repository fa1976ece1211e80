internal import MemoryCore
internal import MemoryStore

/// How jobs are kept: a row, the moment at which it is due or was finished, and, while it is to be done, the
/// place where a second one of its kind and session finds it.
extension ChangeApplier {
    /// - Returns: the job that is to be done now, a new one or one that was asked for before.
    func enqueue(_ new: NewJob, in transaction: inout WriteTransaction) throws(StoreError) -> UInt64 {
        let session = try new.session.map { (key) throws(StoreError) in
            try internSession(key, in: &transaction)
        }
        let place = KeyLayout.activeJob(session: session ?? 0, new.kind)
        if let id = try tables.found(place.span, in: tables.activeJobs, transaction)?.bigEndian(at: 0),
            var row = try tables.job(id, in: transaction)
        {
            let before = row.job.nextAt
            row.job.join(new)
            if row.job.nextAt != before {
                try removeDeadline(.job, at: before, subject: id, in: &transaction)
                try setDeadline(.job, at: row.job.nextAt, subject: id, in: &transaction)
            }
            try write(row, in: &transaction)
            return id
        }
        let id = try Meta.takeJobID(in: &transaction, tables.meta)
        let row = JobRow(session: session ?? 0, job: Job(id: id, new))
        try Meta.count(jobsFrom: nil, to: row.job, in: &transaction, tables.meta)
        try setDeadline(.job, at: row.job.nextAt, subject: id, in: &transaction)
        try setActive(row, in: &transaction)
        try write(row, in: &transaction)
        return id
    }

    /// Takes a step of a job.
    func take(_ step: JobStep, in transaction: inout WriteTransaction) throws(StoreError) -> ChangeReceipt {
        guard var row = try tables.job(step.id, in: transaction), row.job.allows(step) else { return .absent }
        let place = KeyLayout.activeJob(session: row.session, row.job.kind)
        if !row.job.status.isActive,
            try tables.found(place.span, in: tables.activeJobs, transaction) != nil
        {
            return .absent
        }
        let before = row.job
        row.job.take(step)
        try Meta.count(jobsFrom: before, to: row.job, in: &transaction, tables.meta)
        let (old, new) = (Self.deadlineKind(before), Self.deadlineKind(row.job))
        if old != new || before.nextAt != row.job.nextAt {
            try removeDeadline(old, at: before.nextAt, subject: step.id, in: &transaction)
            try setDeadline(new, at: row.job.nextAt, subject: step.id, in: &transaction)
        }
        if before.status.isActive != row.job.status.isActive {
            if row.job.status.isActive {
                try setActive(row, in: &transaction)
            } else {
                _ = try remove(place.span, from: tables.activeJobs, &transaction)
            }
        }
        try write(row, in: &transaction)
        return .kept
    }

    static func deadlineKind(_ job: Job) -> KeyLayout.DeadlineKind {
        job.status.isActive ? .job : .finishedJob
    }

    private func setActive(_ row: JobRow, in transaction: inout WriteTransaction) throws(StoreError) {
        let place = KeyLayout.activeJob(session: row.session, row.job.kind)
        let number = KeyLayout.job(row.job.id)
        try put(number.span, for: place.span, in: tables.activeJobs, &transaction)
    }

    private func write(_ row: JobRow, in transaction: inout WriteTransaction) throws(StoreError) {
        let key = KeyLayout.job(row.job.id)
        let value = row.encoded
        try put(value.span, for: key.span, in: tables.jobs, &transaction)
    }
}
