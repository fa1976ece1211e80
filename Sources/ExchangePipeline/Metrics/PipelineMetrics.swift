package import GatewayMetrics
internal import MemoryCore

/// What the exchanges of all loops count. Whoever counts holds this; a page asks it when it is scraped.
package final class PipelineMetrics: Sendable {
    let exchanges = LabelledCounters<ExchangeLabels>()
    let phases = LabelledHistograms<ExchangePhase>(.seconds)
    let openStreams = Gauge()
    let statuses = LabelledCounters<MemoryStatus>()
    let steps = LabelledCounters<StepLabels>()
    let releasedUnacknowledged = Counter()
    /// What plugins did, by their names.
    package let plugins = PluginMeters()

    /// Nothing counted yet.
    package init() {}

    /// An exchange has ended.
    package func ended(_ route: ExchangeLabels.Route, _ outcome: ExchangeLabels.Outcome) {
        exchanges[ExchangeLabels(route: route, outcome: outcome)].add()
    }

    /// A request was refused before memory saw it, and its reply says so.
    package func refusedUnseen() {
        statuses[.skipped(.error)].add()
    }

    /// Adds everything to a page.
    package func write(to page: inout MetricsPage) {
        page.counters(
            .init("memgate_exchanges_total", "Exchanges that have ended, by route and outcome."), exchanges)
        page.histograms(
            .init("memgate_exchange_seconds", "How long the phases of exchanges on memory routes took."),
            phases)
        page.gauge(
            .init("memgate_streams_open", "Streamed replies of memory routes under way."),
            Double(openStreams.value))
        page.counters(
            .init("memgate_memory_status_total", "Replies by what X-Memory-Status said on them."), statuses)
        page.counters(
            .init("memgate_steps_total", "Steps: the standing block was renewed, the window cut."), steps)
        page.counter(
            .init(
                "memgate_released_unacknowledged_total",
                "Replies whose end left before their round was on the disk, though it should have waited."),
            releasedUnacknowledged.value)
        plugins.write(to: &page)
    }
}
