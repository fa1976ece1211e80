import BackgroundJobs
import MemoryCore
import MemoryJobs
import RepeatableRandom
import Synchronization

/// A model that answers, fails or hangs, as chance has it.
final class MoodyModels: MemoryModels {
    struct State: Sendable {
        var random: SeededRandom
        /// Of a hundred calls so many fail, and so many hang until they are broken off.
        var failing = 33
        var hanging = 0
        var calls = 0
        var hangs: [Int: CheckedContinuation<ModelAnswer, Never>] = [:]
        /// What comes of certain calls, where chance does not decide; others succeed.
        var plan: [Int: ModelAnswer]?
    }

    let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    /// Calls that were made.
    var calls: Int { state.withLock { $0.calls } }

    /// Calls that hang.
    var hangs: Int { state.withLock { $0.hangs.count } }

    /// Whatever hangs has taken too long.
    func giveUp() {
        for number in state.withLock({ Array($0.hangs.keys) }) { end(number, .failed("late", after: nil)) }
    }

    private func end(_ number: Int, _ answer: ModelAnswer) {
        state.withLock { $0.hangs.removeValue(forKey: number) }?.resume(returning: answer)
    }

    func ask(
        _ purpose: ModelPurpose, for session: SessionTerms, _ cancellation: Cancellation,
        _ prompt: @Sendable (Int) -> SummaryPrompt
    ) async -> ModelAnswer {
        _ = prompt(4000)
        let (number, answer) = state.withLock { state -> (Int, ModelAnswer?) in
            let number = state.calls
            state.calls += 1
            let words = "Anna lives in Lyon and has a dog, she said in call \(number)."
            if let plan = state.plan { return (number, plan[number] ?? .text(words, model: "m")) }
            if state.random.percent(state.failing) { return (number, .failed("503", after: nil)) }
            return (number, state.random.percent(state.hanging) ? nil : .text(words, model: "m"))
        }
        if let answer { return answer }
        return await withCheckedContinuation { continuation in
            state.withLock { $0.hangs[number] = continuation }
            _ = cancellation.onCancel { [self] in end(number, .later(.seconds(20))) }
        }
    }
}
