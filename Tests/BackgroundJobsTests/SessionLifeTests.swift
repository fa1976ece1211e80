import GatewayTesting
import MemoryCore
import RepeatableRandom
import Testing

@Suite("A session's way from its first message to its summary")
struct SessionLifeTests {
    private static let terms = SessionTerms(idleMicroseconds: 10_000_000)
    private static let key = SampleTurns.session()

    private static func at(_ seconds: Int) -> Timestamp { SampleTurns.moment(seconds) }

    /// A session that ended at second 11, with two rounds.
    private static var closing: SessionLife {
        var life = SessionLife(terms)
        _ = life.end(at: at(11), lastActive: at(0), lastRound: 2, isForced: false)
        return life
    }

    @Test("It ends strictly after its idle time; until then it is looked at again at its deadline")
    func end() {
        var life = SessionLife(Self.terms)
        for second in [0, 5, 10] {
            #expect(!life.hasExpired(at: Self.at(second), lastActive: Self.at(0)))
            let ending = life.end(at: Self.at(second), lastActive: Self.at(0), lastRound: 2, isForced: false)
            #expect(ending == .notYet)
            #expect(life.deadline == Self.at(10))
            #expect(life.status == .open && life.endedAt == nil)
        }
        #expect(life.hasExpired(at: Self.at(11), lastActive: Self.at(0)))
        let ending = life.end(at: Self.at(11), lastActive: Self.at(0), lastRound: 2, isForced: false)
        #expect(ending == .toBeTold)
        #expect(life.status == .closing && life.endedAt == Self.at(11) && life.deadline == nil)
        #expect(!life.hasExpired(at: Self.at(99), lastActive: Self.at(0)))
    }

    @Test("It ends at once where it must, and an end that was is left as it is")
    func forced() {
        var life = SessionLife(Self.terms)
        #expect(
            life.end(at: Self.at(1), lastActive: Self.at(1), lastRound: 1, isForced: true) == .toBeTold)
        let before = life
        for isForced in [true, false] {
            let again = life.end(at: Self.at(50), lastActive: Self.at(1), lastRound: 9, isForced: isForced)
            #expect(again == .before)
            #expect(life == before)
        }
    }

    @Test("With nothing in it that is not told, it is archived at once", arguments: [0, 3])
    func silent(told: Int) {
        var life = SessionLife(Self.terms)
        life.toldRound = told
        let ending = life.end(at: Self.at(11), lastActive: Self.at(0), lastRound: told, isForced: false)
        #expect(ending == .silent)
        #expect(life.status == .archived && life.endedAt == Self.at(11) && life.deadline == nil)
    }

    @Test("What is said in it opens it again, with the terms of that request but for how it was found")
    func goOn() {
        var life = Self.closing
        life.terms.resolution = "new"
        life.title = "T"
        let terms = SessionTerms(
            policy: "bot", idleMicroseconds: 20_000_000, resolution: "explicit", upstream: "u", model: "m",
            makesTitle: false)
        life.goOn(terms, at: Self.at(30))
        var expected = terms
        expected.resolution = "new"
        #expect(life.terms == expected)
        #expect(life.status == .open && life.endedAt == nil && life.title == "T")
        #expect(life.deadline == Self.at(50))
        // A deadline that comes too early is left alone: it is looked at then.
        life.goOn(terms, at: Self.at(40))
        #expect(life.deadline == Self.at(50))
    }

    @Test("An idle time that became shorter brings the deadline forward")
    func shorterIdle() {
        var life = SessionLife(SessionTerms(idleMicroseconds: 1000_000_000))
        life.goOn(life.terms, at: Self.at(0))
        #expect(life.deadline == Self.at(1000))
        life.goOn(Self.terms, at: Self.at(1))
        #expect(life.deadline == Self.at(11))
        life.goOn(SessionTerms(idleMicroseconds: 500_000_000), at: Self.at(2))
        #expect(life.deadline == Self.at(11))
    }

    @Test("An idle time without end is no trouble")
    func endless() {
        let life = SessionLife(SessionTerms(idleMicroseconds: Int64.max))
        #expect(!life.hasExpired(at: Timestamp(microseconds: Int64.max), lastActive: Self.at(0)))
    }

    @Test("A mark of its own end takes it further, never back")
    func marks() {
        for status in SessionStatus.allCases {
            for mark in SessionStatus.allCases {
                var life = Self.closing
                life.status = status
                life.take(SessionMark(Self.key, endedAt: Self.at(11), status: mark))
                let isFurther = status != .open && mark.rawValue > status.rawValue
                #expect(life.status == (isFurther ? mark : status))
            }
        }
    }

    @Test("A mark of another end tells its title and its rounds only")
    func otherEnd() {
        var life = Self.closing
        life.toldRound = 3
        life.take(
            SessionMark(Self.key, endedAt: Self.at(5), status: .archived, title: "T", toldRound: 2))
        #expect(life.status == .closing)
        #expect(life.title == "T")
        #expect(life.toldRound == 3)
        life.take(SessionMark(Self.key, toldRound: 4))
        #expect(life.toldRound == 4)
    }

    @Test("A title that a job has made takes the place of none that is there")
    func keptTitle() {
        var life = Self.closing
        life.take(SessionMark(Self.key, title: "by a model", replacesTitle: false))
        #expect(life.title == "by a model")
        life.take(SessionMark(Self.key, title: "by hand"))
        #expect(life.title == "by hand")
        life.take(SessionMark(Self.key, title: "by a later model", replacesTitle: false))
        #expect(life.title == "by hand")
    }

    /// What a session may meet.
    private struct Walk {
        var random: SeededRandom
        var life = SessionLife(SessionLifeTests.terms)
        var now = 0
        var lastActive = 0
        var lastRound = 0
        var ends: [Timestamp] = []

        mutating func step() -> String {
            now += Int.random(in: 0...8, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                if Bool.random(using: &random) { lastRound += 1 }
                lastActive = now
                var terms = SessionLifeTests.terms
                terms.idleMicroseconds = Int64.random(in: 1...12, using: &random) * 1_000_000
                life.goOn(terms, at: at(now))
                return "goes on"
            case 1, 2:
                let isForced = Int.random(in: 0..<8, using: &random) == 0
                _ = life.end(
                    at: at(now), lastActive: at(lastActive), lastRound: lastRound, isForced: isForced)
                if let end = life.endedAt { ends.append(end) }
                return "ends"
            default:
                let mark = SessionMark(
                    key,
                    endedAt: Bool.random(using: &random) ? life.endedAt : ends.randomElement(using: &random),
                    status: SessionStatus.allCases.randomElement(using: &random),
                    title: Bool.random(using: &random) ? "t\(now)" : nil,
                    toldRound: Int.random(in: 0...max(1, lastRound), using: &random))
                life.take(mark)
                return "mark"
            }
        }
    }

    @Test("Whatever happens: no way back but by going on, no told round is lost, a deadline while it is open")
    func randomWalk() {
        for seed in 0..<300 {
            var walk = Walk(random: SeededRandom(seed: UInt64(seed)))
            walk.life.deadline = walk.life.expiry(after: Self.at(0))
            for _ in 0..<200 {
                let before = walk.life
                let what = walk.step()
                let life = walk.life
                if what != "goes on" {
                    #expect(life.status.rawValue >= before.status.rawValue, "seed \(seed)")
                } else {
                    #expect(life.status == .open, "seed \(seed)")
                }
                #expect(life.toldRound >= before.toldRound, "seed \(seed)")
                #expect((life.deadline != nil) == (life.status == .open), "seed \(seed)")
                #expect((life.endedAt == nil) == (life.status == .open), "seed \(seed)")
                if life.title == nil { #expect(before.title == nil, "seed \(seed)") }
                // Nobody looks later than the session ends.
                if let deadline = life.deadline {
                    let expiry = life.expiry(after: Self.at(walk.lastActive))
                    #expect(deadline <= expiry, "seed \(seed): \(what)")
                }
            }
        }
    }
}

private let key = SampleTurns.session()
private func at(_ seconds: Int) -> Timestamp { SampleTurns.moment(seconds) }
