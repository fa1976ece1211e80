internal import GatewayMetrics
internal import Logging
internal import LoopTiming
internal import MemoryCore
internal import MemoryStore
internal import NIOCore
internal import PluginInterface

/// Asks the plugins of one exchange, and holds them to their `when`, `onError` and `timeout`: one that throws
/// or takes too long is left out, counted and named.
///
/// A value without the exchange, so that it can go to the store's reader thread.
struct PluginRun: Sendable {
    let chain: PluginChain
    var request: RequestView
    var session: SessionKey
    let storage: any MemoryStorage
    let logger: Logger
    let now: Timestamp
    var time = LocalTime.utc

    /// What was left out, and why.
    struct Outcome<Value: Sendable>: Sendable {
        var values: [Value] = []
        /// Plugins that were left out.
        var skipped: [String] = []
        /// The first of them without which the request is refused.
        var rejecting: String?
    }

    /// Asks each plugin that applies, in order. They answer at once, so that too late is known afterwards.
    func ask<Hook, Value>(
        _ links: [PluginChain.Link<Hook>], _ body: (Hook, PluginServices) throws -> Value?
    ) -> Outcome<Value> {
        var outcome = Outcome<Value>()
        for link in links where link.use.when.fits(request.subject) {
            link.meter.calls.add()
            let start = ContinuousClock.now
            let result = Result { try body(link.hook, services(for: link.use)) }
            let isLate = ContinuousClock.now - start > link.use.timeout
            switch result {
            case .success(let value) where !isLate:
                if let value { outcome.values.append(value) }
            case .success: leaveOut(link, PluginFault.late(link.use.timeout), &outcome)
            case .failure(let error): leaveOut(link, error, &outcome)
            }
        }
        return outcome
    }

    func services(for use: PluginUse) -> PluginServices {
        PluginServices(
            storage: storage, session: session, plugin: use.name, logger: logger, now: now, time: time)
    }

    func leaveOut<Hook, Value>(
        _ link: PluginChain.Link<Hook>, _ error: any Error, _ outcome: inout Outcome<Value>
    ) {
        let use = link.use
        (error is PluginFault ? link.meter.timeouts : link.meter.errors).add()
        logger.warning("plugin left out", metadata: ["plugin": "\(use.name)", "error": "\(error)"])
        outcome.skipped.append(use.name)
        if use.onError == .reject, outcome.rejecting == nil { outcome.rejecting = use.name }
    }

    /// The standing text of all plugins.
    func standing() -> Outcome<StandingText> {
        ask(chain.standing) { hook, services in
            let text = try hook.standing(request, services)
            return text.isEmpty ? nil : text.said(by: type(of: hook).name)
        }
    }
}

extension [StandingText] {
    /// All of them as one.
    var joined: StandingText {
        StandingText(flatMap(\.parts))
    }
}
