internal import JSONBytes
internal import MemoryCore

/// The `job` object.
struct AdminJob: AdminObject {
    let job: Job
    /// The id of its session; nil where it is about none.
    let session: String?
    /// What stands in its way that it does not know itself, such as a server that refuses our calls.
    let obstacle: String?

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("id", "\(job.id)")
        writer.member("kind", job.kind.name)
        writer.member("session", orNull: session)
        writer.member("status", job.status.name)
        writer.member("attempts", job.attempts)
        writer.member("next_at", orNull: job.status.isActive ? job.nextAt : nil)
        writer.member("error", orNull: job.error ?? obstacle)
        writer.member("created_at", orNull: job.createdAt)
    }
}
