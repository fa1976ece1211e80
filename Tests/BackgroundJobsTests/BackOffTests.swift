import BackgroundJobs
import Testing

@Suite("How long a failed job waits")
struct BackOffTests {
    @Test("The first failures wait 1.5, 3 and 6 seconds, later ones a minute, doubled up to an hour")
    func waits() {
        let expected: [Duration] =
            [.milliseconds(1500), .seconds(3), .seconds(6)]
            + [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600].map { .seconds($0) }
        let found = (1...expected.count).map { BackOff().wait(afterAttempt: $0, chance: 0) }
        #expect(found == expected)
    }

    @Test("Chance adds a quarter at most, and takes nothing away")
    func chance() {
        let backOff = BackOff()
        for attempt in [1, 2, 3, 4, 10, 20, 1000] {
            let least = backOff.wait(afterAttempt: attempt, chance: 0)
            #expect(backOff.wait(afterAttempt: attempt, chance: 1) == least + least / 4)
            for chance in [-1, 0.1, 0.5, 0.99, 7] {
                let wait = backOff.wait(afterAttempt: attempt, chance: chance)
                #expect(wait >= least && wait <= least + least / 4)
            }
        }
    }

    @Test("Numbers that no job has are no trouble", arguments: [Int.min, -1, 0, Int.max])
    func farOut(attempt: Int) {
        let wait = BackOff().wait(afterAttempt: attempt, chance: 0)
        #expect(wait == (attempt <= 1 ? .milliseconds(1500) : .seconds(3600)))
    }

    @Test("A dead model server has about half a day before a job is given up")
    func halfDay() {
        let backOff = BackOff()
        let sum = (1..<backOff.attempts).reduce(Duration.zero) { sum, attempt in
            sum + backOff.wait(afterAttempt: attempt, chance: 0)
        }
        #expect(sum > .seconds(9 * 3600) && sum < .seconds(15 * 3600))
    }
}
