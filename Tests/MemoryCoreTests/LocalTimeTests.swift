import MemoryCore
import Testing

@Suite("Local time")
struct LocalTimeTests {
    @Test(
        "Moments are written as people there see them",
        arguments: [
            (0, 0, "1970-01-01 00:00", 0), (0, -1, "1969-12-31 23:59", -1),
            (951_782_400, 0, "2000-02-29 00:00", 11_016),
            (1_795_000_000, 7200, "2026-11-18 13:06", 20_775),
            (1_795_039_199, 7200, "2026-11-18 23:59", 20_775),
            (1_795_039_200, 7200, "2026-11-19 00:00", 20_776),
            (1_795_000_000, -43_200, "2026-11-17 23:06", 20_774),
            (4_107_542_400, 0, "2100-03-01 00:00", 47_541),
            (-62_135_596_800, 0, "0001-01-01 00:00", -719_162),
        ])
    func text(seconds: Int64, offset: Int64, text: String, day: Int64) {
        let time = LocalTime { _ in offset }
        let moment = Timestamp(microseconds: seconds * 1_000_000)
        #expect(time.text(of: moment) == text)
        #expect(time.day(of: moment) == day)
    }

    @Test("The distance is asked for at the moment itself, before 1970 too")
    func asked() {
        let time = LocalTime { $0 < 100 ? 3600 : 0 }
        #expect(time.text(of: Timestamp(microseconds: 99_999_999)) == "1970-01-01 01:01")
        #expect(time.text(of: Timestamp(microseconds: 100_000_000)) == "1970-01-01 00:01")
        #expect(LocalTime.utc.text(of: Timestamp(microseconds: -1)) == "1969-12-31 23:59")
    }
}
