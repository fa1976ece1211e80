package import GatewayMetrics
internal import Synchronization

/// What plugins did, by their names: kept over reloads, which make new chains. A chain asks once for the
/// meter of each of its plugins.
package final class PluginMeters: Sendable {
    private let meters = Mutex<[String: PluginMeter]>([:])
    private let tokens = Mutex<[String: Counter]>([:])

    /// Nothing counted yet.
    package init() {}

    /// The meter of a plugin.
    package func meter(of plugin: String) -> PluginMeter {
        meters.withLock { meters in
            let meter = meters[plugin] ?? PluginMeter()
            meters[plugin] = meter
            return meter
        }
    }

    /// Counts the tokens that plugins add together; text of several is not taken apart.
    func injectedTokens(by plugins: [String]) -> Counter {
        // Nobody's is counted and not shown.
        guard !plugins.isEmpty else { return Counter() }
        return tokens.withLock { tokens in
            let name = plugins.joined(separator: "+")
            let counter = tokens[name] ?? Counter()
            tokens[name] = counter
            return counter
        }
    }

    /// Adds everything to a page.
    func write(to page: inout MetricsPage) {
        let tokens = tokens.withLock { $0 }.sorted { $0.key < $1.key }
        page.counters(
            .init(
                "memgate_injected_tokens_total",
                "Estimated tokens added to requests, by the plugin that adds them."),
            by: "plugin", tokens.map { ($0.key, $0.value.value) })
        let meters = meters.withLock { $0 }.sorted { $0.key < $1.key }
        page.counters(
            .init("memgate_plugin_errors_total", "How often a plugin failed or was late, and was left out."),
            by: "plugin", meters.map { ($0.key, $0.value.failures) })
    }
}

/// What one plugin did in all policies together.
package final class PluginMeter: Sendable {
    /// How often one of its hooks was asked.
    package let calls = Counter()
    /// How often it threw.
    package let errors = Counter()
    /// How often it took longer than it may.
    package let timeouts = Counter()

    /// How often it was left out.
    package var failures: Int { errors.value + timeouts.value }
}
