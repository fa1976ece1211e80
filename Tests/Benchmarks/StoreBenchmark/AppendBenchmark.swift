import GatewayTesting
import MemoryCore
import MemoryStore
import NIOCore
import SystemCalls

/// Durable rounds: each writer has one journalled and recorded round under way, and begins the next when it
/// is settled.
struct AppendBenchmark {
    let storage: any MemoryStorage
    let writers: Int
    let rounds: Int

    func run() throws {
        let before = try storage.statistics()
        let watch = Stopwatch()
        let writer = RoundWriter(storage, writers: writers, rounds: rounds)
        try writer.start()
        let (latencies, batches) = writer.waitForEnd()
        let (wall, processor) = (watch.microseconds, watch.processorMicroseconds)
        let commits = try storage.statistics().commits - before.commits
        let sorted = latencies.sorted()
        print(
            "append, \(writers) waiting: \(text(Double(rounds) / wall * 1_000_000, decimals: 0)) rounds/s,",
            "p50 \(text(sorted.percentile(0.5) / 1000, decimals: 2)) ms,",
            "p99 \(text(sorted.percentile(0.99) / 1000, decimals: 2)) ms,",
            "\(text(Double(rounds) / Double(commits), decimals: 1)) rounds a commit,",
            "CPU \(text(processor / Double(rounds))) µs a round")
        let histogram = Dictionary(batches.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
        let shares = histogram.map { "\($0.key)+: \($0.value)" }.joined(separator: "  ")
        print("  settled at once: \(shares)")
    }
}

/// Keeps so many rounds under way, from the engine's own thread.
private final class RoundWriter: CommitListener {
    private struct State {
        var started = 0
        var settled = 0
        var startedAt: [UInt64: Int64] = [:]
        var latencies: [Double] = []
        /// Sizes of settled batches, rounded down to a power of two.
        var batches: [Int] = []
    }

    private let storage: any MemoryStorage
    private let writers: Int
    private let rounds: Int
    private let first: Int
    private let state = Monitor(State())

    init(_ storage: any MemoryStorage, writers: Int, rounds: Int) {
        self.storage = storage
        self.writers = writers
        self.rounds = rounds
        first = Int.random(in: 0..<1 << 40)
    }

    func start() throws {
        for _ in 0..<writers { try startRound() }
    }

    func waitForEnd() -> (latencies: [Double], batches: [Int]) {
        state.wait { state in
            state.settled == rounds ? .now((state.latencies, state.batches)) : .sleep(until: nil)
        }
    }

    func settled(_ commits: [SettledCommit]) {
        let now = SystemClock.monotonicNanoseconds()
        let more = state.update { state in
            state.settled += commits.count
            var size = 1
            while size * 2 <= commits.count { size *= 2 }
            state.batches.append(size)
            for commit in commits {
                guard case .success = commit.result else { fatalError("A commit failed: \(commit.result)") }
                let started = state.startedAt.removeValue(forKey: commit.ticket) ?? now
                state.latencies.append(Double(now - started) / 1000)
            }
            return min(commits.count, rounds - state.started)
        }
        for _ in 0..<more {
            do { try startRound() } catch { fatalError("A change was refused: \(error)") }
        }
    }

    private func startRound() throws {
        let number = state.update { state in
            state.started += 1
            state.startedAt[UInt64(state.started)] = SystemClock.monotonicNanoseconds()
            return state.started
        }
        let session = SampleTurns.session("append \((number * 7919) % 5000)")
        let words = SampleTurns.message(String(repeating: "words of a question ", count: 15))
        let answer = SampleTurns.reply(String(repeating: "words of an answer ", count: 40))
        let id = first + number
        try storage.apply(
            [.journal(SampleTurns.question(id, in: session, messages: [words]))], .withNextBatch)
        try storage.apply(
            [.record(SampleTurns.turn(id, in: session, messages: [words], replies: [answer]))],
            .waiting(ticket: UInt64(number), self))
    }
}
