/// How long a failed job waits, and when it is given up.
package struct BackOff: Sendable {
    /// The waits of the first failures.
    package var first: [Duration] = [.milliseconds(1500), .seconds(3), .seconds(6)]
    /// The wait after them, doubled from time to time.
    package var later = Duration.seconds(60)
    /// The longest wait.
    package var longest = Duration.seconds(3600)
    /// How often a job is begun before it is given up: a dead model server has about half a day.
    package var attempts = 20

    /// The contract's waits.
    package init() {}

    /// The wait behind a failed attempt, counted from 1.
    ///
    /// - Parameter chance: 0 to 1, which spreads those that failed together: up to a quarter is added.
    package func wait(afterAttempt attempt: Int, chance: Double) -> Duration {
        let number = max(1, attempt)
        let base =
            number <= first.count
            ? first[number - 1]
            : min(longest, later * (1 << min(16, number - first.count - 1)))
        return base + base * (min(1, max(0, chance)) / 4)
    }
}
