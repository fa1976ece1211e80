import GatewayTesting
import MemoryCore
import MemoryStore

/// The last twenty messages of a random session among many, ten rounds of about 300 bytes a message.
struct WindowBenchmark {
    let storage: any MemoryStorage
    let sessions: Int

    func run() throws {
        try fill()
        for pass in ["first pass", "warm"] {
            var times: [Double] = []
            var messages = 0
            for _ in 0..<20_000 {
                let session = SampleTurns.session("window \(Int.random(in: 0..<sessions))")
                let watch = Stopwatch()
                var found = 0
                _ = try storage.walkTurns(of: session) { turn in
                    found += turn.messages.count
                    return found < 20
                }
                times.append(watch.microseconds)
                messages += found
            }
            times.sort()
            print(
                "window of 20 messages, one of \(sessions) sessions, \(pass):",
                "p50 \(text(times.percentile(0.5), decimals: 2)) µs, p99 \(text(times.percentile(0.99))) µs,",
                "\(text(times.percentile(0.5) * 20_000 / Double(max(messages, 1)), decimals: 2)) µs a message"
            )
        }
    }

    /// Makes the sessions that are missing, a batch at a time.
    private func fill() throws {
        let last = SampleTurns.session("window \(sessions - 1)")
        guard try storage.session(last) == nil else { return }
        let watch = Stopwatch()
        for start in stride(from: 0, to: sessions, by: 500) {
            var changes: [MemoryChange] = []
            for session in start..<min(start + 500, sessions) {
                for round in 0..<10 { changes.append(turn(session, round)) }
            }
            let waiter = CommitWaiter()
            try storage.apply(changes, .waiting(ticket: 1, waiter))
            _ = try waiter.result(of: 1).get()
        }
        let rounds = Double(sessions * 10)
        print(
            "filling with \(sessions) sessions of 10 rounds:",
            "\(text(watch.microseconds / rounds, decimals: 2)) µs,",
            "CPU \(text(watch.processorMicroseconds / rounds, decimals: 2)) µs a round")
    }

    private func turn(_ session: Int, _ round: Int) -> MemoryChange {
        let words = SampleTurns.message(String(repeating: "words of a question ", count: 12))
        var answer = SampleTurns.reply(String(repeating: "words of an answer ", count: 14))
        answer.reasoning = nil
        let number = (1 << 41) + session * 10 + round
        return .record(
            SampleTurns.turn(
                number, in: SampleTurns.session("window \(session)"), messages: [words], replies: [answer]))
    }
}
