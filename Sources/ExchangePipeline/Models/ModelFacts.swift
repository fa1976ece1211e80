package import MemoryCore
internal import Synchronization

/// What was learnt of models while they answered: how their tokens compare to estimated ones, how many they
/// take, and which placements they refuse. Shared by all loops, not by tenants: what one provokes is no
/// other's trouble.
package final class ModelFacts: Sendable {
    /// A model at an upstream.
    package struct Model: Hashable, Sendable {
        /// The upstream's address: another server under the same name is another one.
        package var upstream: String
        /// The model's, as the client wrote it.
        package var name: String

        /// Who asked it.
        package var tenant: String

        /// A model by its members.
        package init(upstream: String, name: String, tenant: String) {
            self.upstream = upstream
            self.name = name
            self.tenant = tenant
        }
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
    /// Of longer names nothing is learnt.
    private static let maximumNameBytes = 256
    private let facts = Mutex<[Model: Facts]>([:])
    private let searches = Mutex<[String: Timestamp]>([:])

    /// Nothing learnt yet.
    package init() {}

    /// The model's tokens in an estimated one.
    package func scale(of model: Model) -> Double {
        facts.withLock { $0[model]?.calibration.factor ?? 1 }
    }

    /// The window of a model; nil where none is known.
    ///
    /// - Parameters:
    ///   - set: what the settings say.
    ///   - hosted: what its name tells.
    package func window(of model: Model, set: Int?, hosted: Int?) -> Int? {
        let facts = facts.withLock { $0[model] }
        let known = set ?? facts?.loaded ?? hosted
        guard let learnt = facts?.window else { return known }
        return min(learnt, known ?? learnt)
    }

    /// Whether a model's server is to be asked now: not of that model for ten minutes, and of none for five
    /// seconds, since names of models cost a client nothing.
    func beginSearch(for model: Model, at now: Timestamp) -> Bool {
        let isQuiet = searches.withLock { searches in
            guard Self.isPast(searches[model.upstream], by: 5_000_000, now) else { return false }
            searches[model.upstream] = now
            return true
        }
        guard isQuiet else { return false }
        var isDue = false
        change(model) { facts in
            guard Self.isPast(facts.searchedAt, by: 600_000_000, now) else { return }
            facts.searchedAt = now
            isDue = true
        }
        return isDue
    }

    private static func isPast(_ moment: Timestamp?, by microseconds: Int64, _ now: Timestamp) -> Bool {
        moment.map { now.microseconds - $0.microseconds >= microseconds } ?? true
    }

    /// What a server has loaded a model with, nil where it does not say.
    func loaded(_ tokens: Int?, _ model: Model) {
        change(model) { $0.loaded = tokens }
    }

    /// The first placement, from the wanted one on, that the model has not refused; nil where it has all.
    package func placement(_ wanted: Placement, for model: Model) -> Placement? {
        let refused = facts.withLock { $0[model]?.refused ?? [] }
        return [wanted, wanted.fallback, .system].first { !refused.contains($0) }
    }

    /// A request with the standing block at a place was refused, and answered without it.
    package func refused(_ placement: Placement, by model: Model) {
        change(model) { $0.refused.insert(placement) }
    }

    /// A server said how much the model takes.
    package func takes(_ tokens: Int, _ model: Model) {
        change(model) { $0.window = min($0.window ?? tokens, tokens) }
    }

    /// A server reported what it read.
    package func learn(_ usage: TokenUsage, estimated: Int, window: Int, of model: Model) {
        change(model) { facts in
            // Who reads more than it was taken to take was misjudged: an odd text can look cut.
            if let least = facts.window, usage.prompt > least + least / 8 { facts.window = nil }
            let finding = facts.calibration.learn(
                estimated: estimated, reported: usage.prompt, cached: usage.cached, window: window)
            if case .truncated(let tokens) = finding { facts.window = min(facts.window ?? tokens, tokens) }
        }
    }

    private func change(_ model: Model, _ body: (inout Facts) -> Void) {
        // Names of models are the clients' to choose.
        guard model.name.utf8.count <= Self.maximumNameBytes else { return }
        facts.withLock { facts in
            if facts[model] == nil, facts.count >= Self.capacity { facts.removeAll() }
            body(&facts[model, default: Facts()])
        }
    }
}
