import ExchangePipeline
import GatewayServer
import MemoryCore
import Testing

@Suite("Values of the admin API")
struct AdminValueTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
            (1_772_271_000_250_999, "2026-02-28T09:30:00.250Z"),
            (4_107_542_399_999_000, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `A moment is written in UTC with milliseconds, and read back`(_ microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).rfc3339 == text)
        let read = Timestamp(rfc3339: text)
        #expect(read?.microseconds == microseconds - (microseconds % 1000 + 1000) % 1000)
    }

    @Test func `Every day of a century is the one after the day before`() {
        var expected = (year: 1999, month: 1, day: 1)
        for day in Int64(10_592)..<47_847 {
            let text = Timestamp(microseconds: day * 86_400_000_000).rfc3339
            let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
            #expect(parts == [expected.year, expected.month, expected.day])
            #expect(Timestamp(rfc3339: text)?.microseconds == day * 86_400_000_000)
            expected = Self.dayAfter(expected)
        }
        #expect(expected.year == 2101)
    }

    private static func dayAfter(_ date: (year: Int, month: Int, day: Int)) -> (Int, Int, Int) {
        let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][date.month - 1]
        if date.day < days { return (date.year, date.month, date.day + 1) }
        return date.month < 12 ? (date.year, date.month + 1, 1) : (date.year + 1, 1, 1)
    }

    @Test(
        arguments: [
            ("2026-01-31T09:30:00Z", 1_769_851_800_000_000),
            ("2026-01-31t10:30:00.5+01:00", 1_769_851_800_500_000),
            ("2026-01-30 23:30:00-10:00", 1_769_851_800_000_000),
            ("2026-01-31T09:30:00.1234567Z", 1_769_851_800_123_456),
            ("2016-12-31T23:59:60Z", 1_483_228_799_000_000),
        ] as [(String, Int64)])
    func `Other spellings of RFC 3339 are read`(_ text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T09:30Z", "2026-01-31T09:30:00", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-31T24:00:00Z",
        "2026-01-31T09:60:00Z", "2026-01-31T09:30:61Z", "2026-01-31T09:30:00.Z", "2026-01-31T09:30:00+0100",
        "2026-01-31T09:30:00Z ", "+026-01-31T09:30:00Z", "2026-01-31T09:30:00+24:00",
    ])
    func `What is no moment is none`(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `A cursor comes back as it was given, to its own list only`() throws {
        for position in [[], [0], [1, 2, 3, 255], Array(repeating: 7, count: 300)] as [[UInt8]] {
            let cursor = AdminCursor(list: "sessions?user=a", position: position)
            #expect(AdminCursor(cursor.text, of: "sessions?user=a") == cursor)
            #expect(AdminCursor(cursor.text, of: "sessions?user=b") == nil)
            #expect(AdminCursor(cursor.text + "A", of: "sessions?user=a") == nil)
            #expect(cursor.text.utf8.allSatisfy { $0 != 0x2B && $0 != 0x2F && $0 != 0x3D })
        }
        #expect(AdminCursor("", of: "x") == nil)
        #expect(AdminCursor("not a cursor", of: "x") == nil)
    }

    @Test func `A cursor with any byte changed is none`() throws {
        let cursor = AdminCursor(list: "x", position: [1, 2, 3, 4])
        let bytes = try #require(Base64URL.decode(cursor.text.utf8))
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(AdminCursor(Base64URL.encode(changed), of: "x") == nil)
        }
    }

    @Test func `Base64 for URLs is written as it is read`() {
        for (bytes, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg")] {
            #expect(Base64URL.encode(bytes.utf8) == text)
            #expect(Base64URL.decode(text.utf8) == Array(bytes.utf8))
        }
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }
}
