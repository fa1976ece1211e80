internal import ChatWire
package import GatewaySettings
internal import NIOCore
internal import NIOPosix
internal import SystemCalls
internal import UpstreamClient

/// Looks for a model server that nobody named.
package struct LocalServerSearch: Sendable {
    /// How long a host's name may take, and then each of its servers: a start waits for both.
    private let patience: Duration

    /// A search that waits so long for each answer.
    package init(patience: Duration = .seconds(1)) {
        self.patience = patience
    }

    /// The first place that answers with a list of models, asked without a credential and without a proxy.
    ///
    /// - Parameter hosts: the places, host by host; those of one host are asked at once.
    package func first(
        of hosts: [[Configuration.LocalCandidate]]
    ) async -> Configuration.LocalCandidate? {
        // Where a probe cannot even be made, the start will tell why.
        try? await UpstreamProbe.with { probe in
            for candidates in hosts {
                if let found = await first(of: candidates, by: probe) { return found }
            }
            return nil
        }
    }

    /// An earlier place wins, however soon a later one answers.
    private func first(
        of candidates: [Configuration.LocalCandidate], by probe: UpstreamProbe
    ) async -> Configuration.LocalCandidate? {
        guard let host = candidates.first?.address.host, await isKnown(host) else { return nil }
        let answers = candidates.map { probe.models(of: upstream($0.address), headers: HeaderFields()) }
        for (candidate, answer) in zip(candidates, answers) {
            if let answer = try? await answer.get(), answer.isModelList { return candidate }
        }
        return nil
    }

    private func upstream(_ address: WebAddress) -> Upstream {
        var limits = UpstreamLimits()
        limits.connect = patience
        limits.total = patience
        limits.retries = 0
        return Upstream(
            name: "candidate", origin: address.origin, basePath: address.basePath, limits: limits)
    }

    /// Whether a host's name stands for an address. Curl would wait for a resolver that does not answer, and
    /// cannot be broken off: that waits on a thread of its own, which is left behind.
    private func isKnown(_ host: HostName) async -> Bool {
        guard host.address == nil else { return true }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        // Takes the first of the two values.
        let isKnown = loop.makePromise(of: Bool.self)
        loop.scheduleTask(in: TimeAmount(patience)) { isKnown.succeed(false) }
        do {
            _ = try SystemThread(named: "resolve") {
                let address = try? SocketAddress.makeAddressResolvingHost(host.text, port: 0)
                isKnown.succeed(address != nil)
            }
        } catch {
            isKnown.succeed(false)
        }
        return (try? await isKnown.futureResult.get()) ?? false
    }
}
