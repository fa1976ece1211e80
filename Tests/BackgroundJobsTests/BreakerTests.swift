import BackgroundJobs
import MemoryCore
import RepeatableRandom
import Testing

@Suite("What keeps calls away from a model that fails")
struct BreakerTests {
    private static func moment(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: 1_795_000_000_000_000 + Int64(seconds * 1_000_000))
    }

    /// A breaker that has met three failures, the last one at second 0.
    private static var open: Breaker {
        var breaker = Breaker()
        for _ in 0..<3 { breaker.failed(at: moment(0)) }
        return breaker
    }

    @Test("Two failures let calls through, the third one opens it for a minute")
    func opens() {
        var breaker = Breaker()
        for _ in 0..<2 {
            breaker.failed(at: Self.moment(0))
            #expect(breaker.ask(at: Self.moment(0)) == .go)
            #expect(!breaker.isOpen)
        }
        breaker.failed(at: Self.moment(0))
        #expect(breaker.isOpen)
        #expect(breaker.ask(at: Self.moment(0)) == .wait(Self.moment(60)))
        #expect(breaker.ask(at: Self.moment(59.9)) == .wait(Self.moment(60.9)))
    }

    @Test("Failures that a success lies between do not open it")
    func successBetween() {
        var breaker = Breaker()
        for _ in 0..<10 {
            breaker.failed(at: Self.moment(0))
            breaker.failed(at: Self.moment(0))
            breaker.succeeded()
        }
        breaker.failed(at: Self.moment(0))
        breaker.failed(at: Self.moment(0))
        #expect(breaker.ask(at: Self.moment(0)) == .go)
    }

    @Test("After a minute one probe is let through, and others wait until it is known what came of it")
    func probe() {
        var breaker = Self.open
        #expect(breaker.ask(at: Self.moment(60)) == .go)
        #expect(breaker.ask(at: Self.moment(60)) == .wait(Self.moment(61)))
        #expect(breaker.ask(at: Self.moment(500)) == .wait(Self.moment(501)))
        breaker.succeeded()
        #expect(!breaker.isOpen)
        for _ in 0..<3 { #expect(breaker.ask(at: Self.moment(500)) == .go) }
    }

    @Test("A probe that fails opens it for another minute")
    func failedProbe() {
        var breaker = Self.open
        #expect(breaker.ask(at: Self.moment(70)) == .go)
        breaker.failed(at: Self.moment(75))
        #expect(breaker.ask(at: Self.moment(75)) == .wait(Self.moment(135)))
        #expect(breaker.ask(at: Self.moment(135)) == .go)
        breaker.succeeded()
        // It counts from nothing again.
        breaker.failed(at: Self.moment(140))
        breaker.failed(at: Self.moment(140))
        #expect(breaker.ask(at: Self.moment(140)) == .go)
    }

    @Test("A probe that was broken off says nothing: the next call is one")
    func brokenOffProbe() {
        var breaker = Self.open
        #expect(breaker.ask(at: Self.moment(60)) == .go)
        breaker.gaveUp()
        #expect(breaker.isOpen)
        #expect(breaker.ask(at: Self.moment(60)) == .go)
    }

    @Test("Whatever happens: three failures in a row lie before each wait, and one probe at most is out")
    func randomWalk() {
        for seed in 0..<200 {
            var random = SeededRandom(seed: UInt64(seed))
            var breaker = Breaker()
            var (now, failures, probes, opened) = (0.0, 0, 0, 0.0)
            for _ in 0..<300 {
                now += Double.random(in: 0...20, using: &random)
                switch Int.random(in: 0..<6, using: &random) {
                case 0:
                    breaker.succeeded()
                    (failures, probes) = (0, 0)
                case 1, 2:
                    breaker.failed(at: Self.moment(now))
                    (failures, probes, opened) = (failures + 1, 0, now)
                case 3:
                    breaker.gaveUp()
                    probes = 0
                default:
                    let isOpen = failures >= 3
                    switch breaker.ask(at: Self.moment(now)) {
                    case .go:
                        #expect(!isOpen || now >= opened + 60 - 0.001 && probes == 0, "seed \(seed)")
                        if isOpen { probes += 1 }
                    case .wait(let until):
                        #expect(isOpen, "seed \(seed)")
                        #expect(until > Self.moment(now), "seed \(seed)")
                    }
                }
                #expect(breaker.isOpen == (failures >= 3), "seed \(seed)")
            }
        }
    }
}
