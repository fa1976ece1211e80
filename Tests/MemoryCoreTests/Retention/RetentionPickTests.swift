import MemoryCore
import Testing

/// What goes of a session, and what never does.
@Suite("Which messages go")
struct RetentionPickTests {
    private static func place(
        _ node: UInt64, after parent: UInt64, _ round: Int?, _ index: Int, at second: Int64
    ) -> MessagePlace {
        MessagePlace(
            node: node, parent: parent, round: round, index: index,
            createdAt: Timestamp(microseconds: second * 1_000_000))
    }

    /// Rounds of a question and an answer each, a second apart.
    private static func rounds(_ count: Int) -> [MessagePlace] {
        (1...count).flatMap { round in
            let node = UInt64(round * 2 - 1)
            return [
                place(node, after: node - 1, round, 0, at: Int64(round)),
                place(node + 1, after: node, round, 1, at: Int64(round)),
            ]
        }
    }

    private static func pick(
        _ bound: RetentionPick.Bound, most: Int = 1000, of places: [MessagePlace]
    ) -> RetentionPick {
        var pick = RetentionPick(bound, most: most)
        for place in places { pick.visit(place) }
        return pick
    }

    private static func older(than second: Int64) -> RetentionPick.Bound {
        .olderThan(Timestamp(microseconds: second * 1_000_000))
    }

    @Test("Whole rounds that are older, strictly", arguments: [(1, 0), (2, 2), (4, 6), (99, 10)])
    func age(second: Int64, count: Int) {
        let pick = Self.pick(Self.older(than: second), of: Self.rounds(5))
        #expect(pick.chosen == Array(1...10).prefix(count).map(UInt64.init))
        #expect(pick.isIdle == (count == 0))
    }

    @Test("A round with a reply that was made anew goes when that is old too")
    func regenerated() {
        // Round 1 was answered again behind round 3.
        let places = Self.rounds(3) + [Self.place(7, after: 1, 1, 1, at: 9)]
        #expect(Self.pick(Self.older(than: 4), of: places).chosen == [3, 4, 5, 6])
        let whole = Self.pick(Self.older(than: 10), of: places)
        #expect(Set(whole.chosen) == Set(1...7))
    }

    @Test("Questions without a round go by their own age, between the rounds")
    func roundless() {
        let places =
            [Self.place(1, after: 0, nil, 0, at: 1)]
            + Self.rounds(2).map { place in
                Self.place(
                    place.node + 1, after: place.parent == 0 ? 0 : place.parent + 1, place.round, place.index,
                    at: place.createdAt.microseconds / 1_000_000 + 1)
            }
        let pick = Self.pick(Self.older(than: 3), of: places)
        #expect(pick.chosen == [1, 2, 3])
        #expect(pick.rounds.map(\.round) == [1])
    }

    @Test(
        "As many messages as are too many, in whole rounds, and never the newest one",
        arguments: [
            (1, 2), (2, 2), (3, 4), (8, 8), (100, 8),
        ])
    func count(excess: Int, count: Int) {
        let pick = Self.pick(.count(excess, keepingRound: 5), of: Self.rounds(5))
        #expect(pick.chosen == Array(1...10).prefix(count).map(UInt64.init))
    }

    @Test("So many at a time, and the rest the next time")
    func portions() {
        var left = Self.rounds(7)
        var gone: [UInt64] = []
        while true {
            let pick = Self.pick(Self.older(than: 99), most: 4, of: left)
            gone += pick.chosen
            left.removeAll { pick.chosen.contains($0.node) }
            guard pick.isCutShort else { break }
            #expect(pick.chosen.count == 4)
        }
        #expect(gone == Array(1...14))
    }

    @Test("Of several replies the one that was followed is told, else the last")
    func path() {
        let followed = [
            Self.place(1, after: 0, 1, 0, at: 1), Self.place(2, after: 1, 1, 1, at: 1),
            Self.place(3, after: 1, 1, 1, at: 1), Self.place(4, after: 2, 2, 0, at: 9),
        ]
        #expect(Self.pick(Self.older(than: 5), of: followed).rounds.map(\.nodes) == [[1, 2]])
        #expect(
            Self.pick(Self.older(than: 5), of: Array(followed.prefix(3))).rounds.map(\.nodes) == [[1, 3]])
    }
}
