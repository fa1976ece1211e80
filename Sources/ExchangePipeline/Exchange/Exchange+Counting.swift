internal import GatewayMetrics
internal import LoopTiming
internal import MemoryCore
internal import NIOCore

/// What of an exchange was counted already: each of these happens once.
struct CountedExchange {
    var outcome = false
    var stream = false
}

/// What an exchange tells the metrics.
extension Exchange {
    /// A phase has come to its end, and the next one begins.
    func ends(_ phase: ExchangePhase) {
        ends(phase, at: services.clock.now)
    }

    /// A phase has come to its end at that moment.
    func ends(_ phase: ExchangePhase, at now: NIODeadline) {
        let took = (now - phaseStartedAt).nanoseconds
        services.metrics.phases[phase].observe(Int(took))
        phaseStartedAt = now
        switch phase {
        case .admit: times.admit = took / 1000
        case .resolve: times.resolve = took / 1000
        case .recall: times.recall = took / 1000
        case .assemble: times.assemble = took / 1000
        case .firstByte, .relay, .record: break
        }
    }

    /// How the exchange ended; what is told first counts.
    func count(_ outcome: ExchangeLabels.Outcome) {
        guard !counted.outcome else { return }
        counted.outcome = true
        services.metrics.ended(.chatCompletions, outcome)
    }

    /// A streamed reply begins.
    func openStream() {
        guard !counted.stream, client != nil else { return }
        counted.stream = true
        services.metrics.openStreams.add(1)
    }

    /// A streamed reply has ended for its client.
    func closeStream() {
        guard counted.stream else { return }
        counted.stream = false
        services.metrics.openStreams.add(-1)
    }
}
