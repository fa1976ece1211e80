internal import GatewayMetrics
internal import LMDBMemoryStore
internal import MemoryCore
internal import MemoryStore

/// What the store's writer does, counted on its thread.
final class StoreMetrics: Sendable {
    private let seconds = Histogram(.seconds)
    private let lists = Histogram(.counts)

    /// A batch was committed.
    func note(_ batch: CommittedBatch) {
        seconds.observe(Int(batch.nanoseconds))
        lists.observe(batch.lists)
    }

    /// Adds everything to a page; without sizes and counts where the store cannot be read.
    func write(to page: inout MetricsPage, _ storage: any MemoryStorage) {
        page.histogram(
            .init("memgate_commit_seconds", "How long commits took, the disk included."), seconds)
        page.histogram(
            .init("memgate_commit_batch", "How many lists of changes shared a commit."), lists)
        guard let statistics = try? storage.statistics() else { return }
        page.counter(.init("memgate_commits_total", "Commits since the start."), statistics.commits)
        page.gauge(
            .init("memgate_store_bytes", "Bytes of the store that hold something."),
            Double(statistics.usedBytes))
        page.gauges(
            .init("memgate_sessions", "Sessions on record, by how far they are."), by: ["status"],
            SessionStatus.allCases.map { ([$0.name], Double(statistics.sessionsByStatus[$0] ?? 0)) })
        page.gauges(
            .init("memgate_jobs", "Jobs on record, by what they do and how far they are."),
            by: ["kind", "status"],
            JobTally.allCases.map {
                ([$0.kind.name, $0.status.name], Double(statistics.jobs[$0] ?? 0))
            })
        page.gauge(.init("memgate_store_messages", "Messages on record."), Double(statistics.messages))
    }
}
