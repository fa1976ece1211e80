internal import GatewayMetrics
internal import LoopTiming
internal import NIOCore
internal import PluginInterface

/// The plugins that have to await something for their notes: all at once, each as long as it may. One that is
/// late is not waited for, and what it says then is lost. On its loop only.
final class AwaitedNotes {
    private let links: [PluginChain.Link<any RecallHook>]
    private let plugins: PluginRun
    /// Let go of once it was told: a plugin that never answers must not hold the exchange.
    private var done: ((PluginRun.Outcome<String>) -> Void)?
    private var results: [Result<String?, any Error>?]

    /// Begins; tells once when all have answered or are late.
    init(
        _ links: [PluginChain.Link<any RecallHook>], _ plugins: PluginRun, loop: any EventLoop,
        clock: any LoopClock, _ done: @escaping (PluginRun.Outcome<String>) -> Void
    ) {
        self.links = links
        self.plugins = plugins
        self.done = done
        results = Array(repeating: nil, count: links.count)
        for (place, link) in links.enumerated() {
            link.meter.calls.add()
            let request = plugins.request
            let services = plugins.services(for: link.use)
            let hook = link.hook
            loop.makeFutureWithTask { try await hook.recall(request, services) }
                .assumeIsolated().whenComplete { [self] in settle(place, $0) }
            clock.schedule(at: clock.now + TimeAmount(link.use.timeout)) { [weak self] in
                self?.settle(place, .failure(PluginFault.late(link.use.timeout)))
            }
        }
    }

    private func settle(_ place: Int, _ result: Result<String?, any Error>) {
        guard results[place] == nil else { return }
        results[place] = result
        guard results.allSatisfy({ $0 != nil }) else { return }
        var outcome = PluginRun.Outcome<String>()
        for (link, result) in zip(links, results.compactMap(\.self)) {
            switch result {
            case .success(let note): if let note { outcome.values.append(note) }
            case .failure(let error): plugins.leaveOut(link, error, &outcome)
            }
        }
        let done = done
        self.done = nil
        done?(outcome)
    }
}
