internal import MemoryCore
internal import Synchronization

/// What was learnt of models while they answered: how their tokens compare to estimated ones, how many they
/// take, and which placements they refuse. Shared by all loops.
package final class ModelFacts: Sendable {
    /// A model at an upstream.
    struct Model: Hashable {
        var upstream: String
        var name: String
    }

    private struct Facts {
        var calibration = TokenCalibration()
        /// What a refusal or a truncation showed.
        var window: Int?
        /// What its server has loaded it with.
        var loaded: Int?
        var searchedAt: Timestamp?
        var refused: Set<Placement> = []
    }

    private static let capacity = 1000
    private let facts = Mutex<[Model: Facts]>([:])

    /// Nothing learnt yet.
    package init() {}

    /// The model's tokens in an estimated one.
    func scale(of model: Model) -> Double {
        facts.withLock { $0[model]?.calibration.factor ?? 1 }
    }

    /// The window of a model; nil where none is known.
    ///
    /// - Parameters:
    ///   - set: what the settings say.
    ///   - hosted: what its name tells.
    func window(of model: Model, set: Int?, hosted: Int?) -> Int? {
        let facts = facts.withLock { $0[model] }
        let known = set ?? facts?.loaded ?? hosted
        guard let learnt = facts?.window else { return known }
        return min(learnt, known ?? learnt)
    }

    /// Whether a model's server is to be asked now: it was not for ten minutes.
    func beginSearch(for model: Model, at now: Timestamp) -> Bool {
        var isDue = false
        change(model) { facts in
            if let last = facts.searchedAt, now.microseconds - last.microseconds < 600_000_000 { return }
            facts.searchedAt = now
            isDue = true
        }
        return isDue
    }

    /// What a server has loaded a model with, nil where it does not say.
    func loaded(_ tokens: Int?, _ model: Model) {
        change(model) { $0.loaded = tokens }
    }

    /// The first placement, from the wanted one on, that the model has not refused; nil where it has all.
    func placement(_ wanted: Placement, for model: Model) -> Placement? {
        let refused = facts.withLock { $0[model]?.refused ?? [] }
        return [wanted, wanted.fallback, .system].first { !refused.contains($0) }
    }

    /// A request with the standing block at a place was refused, and answered without it.
    func refused(_ placement: Placement, by model: Model) {
        change(model) { $0.refused.insert(placement) }
    }

    /// A server said how much the model takes.
    func takes(_ tokens: Int, _ model: Model) {
        change(model) { $0.window = min($0.window ?? tokens, tokens) }
    }

    /// A server reported what it read.
    func learn(_ usage: TokenUsage, estimated: Int, window: Int, of model: Model) {
        change(model) { facts in
            let finding = facts.calibration.learn(
                estimated: estimated, reported: usage.prompt, cached: usage.cached, window: window)
            if case .truncated(let tokens) = finding { facts.window = min(facts.window ?? tokens, tokens) }
        }
    }

    private func change(_ model: Model, _ body: (inout Facts) -> Void) {
        facts.withLock { facts in
            // Names of models are the clients' to choose.
            if facts[model] == nil, facts.count >= Self.capacity { facts.removeAll() }
            body(&facts[model, default: Facts()])
        }
    }
}
