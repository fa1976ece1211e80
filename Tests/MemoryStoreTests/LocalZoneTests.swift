import SystemCalls
import Testing

@Suite("Local time of the system")
struct LocalZoneTests {
    private static var hasZones: Bool {
        (try? Files.read("/usr/share/zoneinfo/Europe/Berlin", count: 4)) != nil
    }

    @Test(
        "A zone of the database is ahead of UTC by its season, until the system's own is back",
        .enabled(if: hasZones))
    func zone() {
        let system = (LocalZone.offset(at: 1_795_000_000), LocalZone.systemName)
        LocalZone.use("Europe/Berlin")
        // The eighteenth of November and of July.
        #expect(LocalZone.offset(at: 1_795_000_000) == 3600)
        #expect(LocalZone.offset(at: 1_784_376_000) == 7200)
        LocalZone.use(nil)
        #expect(LocalZone.offset(at: 1_795_000_000) == system.0)
        #expect(LocalZone.systemName == system.1)
    }
}
