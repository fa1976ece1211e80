/// Nanoseconds that a piece of work took.
struct Timing {
    /// The shortest run.
    let least: Double
    /// The middle run.
    let median: Double

    /// Runs a piece of work many times, in batches long enough for the clock.
    static func measure(_ work: () -> Int) -> Timing {
        let clock = ContinuousClock()
        var sink = 0
        let first = clock.measure { for _ in 0..<8 { sink &+= work() } }
        let batch = max(1, Int(200_000 / max(1, nanoseconds(first) / 8)))
        var runs: [Double] = []
        for _ in 0..<301 {
            let time = clock.measure { for _ in 0..<batch { sink &+= work() } }
            runs.append(nanoseconds(time) / Double(batch))
        }
        precondition(sink != 0, "the work did nothing")
        runs.sort()
        return Timing(least: runs[0], median: runs[runs.count / 2])
    }

    private static func nanoseconds(_ duration: Duration) -> Double {
        let parts = duration.components
        return Double(parts.seconds) * 1e9 + Double(parts.attoseconds) / 1e9
    }
}
