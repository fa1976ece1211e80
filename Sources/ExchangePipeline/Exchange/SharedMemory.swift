/// What the exchanges of all loops share.
package struct SharedMemory: Sendable {
    /// What the store said last.
    package let condition = StoreCondition()
    /// Sessions whose records are on their way.
    package let unsettled = UnsettledSessions()
    /// Sessions with requests under way.
    package let running = RunningSessions()
    /// The sessions that users and rooms are in.
    package let open: OpenSessions
    /// Requests whose retries would be announced.
    package let announced: AnnouncedRequests
    /// Which model servers are in use.
    package let activity = UpstreamActivity()
    /// What was learnt of models.
    package let models = ModelFacts()
    /// What exchanges count.
    package let metrics: PipelineMetrics

    /// - Parameter sessions: how many sessions are remembered.
    package init(sessions: Int, metrics: PipelineMetrics) {
        self.metrics = metrics
        open = OpenSessions(capacity: sessions)
        announced = AnnouncedRequests(capacity: sessions)
    }
}
