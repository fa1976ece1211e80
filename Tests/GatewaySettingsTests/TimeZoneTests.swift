import GatewaySettings
import StandardPlugins
import Testing

@Suite("gateway.timeZone")
struct TimeZoneTests {
    private static func load(_ name: String, _ files: [String]) throws(ConfigurationFaults) -> Configuration {
        var surroundings = StubSurroundings(#"{"gateway":{"timeZone":"\#(name)"}}"#)
        for file in files { surroundings.files["/usr/share/zoneinfo/" + file] = Array("TZif2…".utf8) }
        surroundings.files["/usr/share/zoneinfo/zone.tab"] = Array("# tzdb".utf8)
        return try .load(plugins: .standard, flags: SettingsFlags(), surroundings: surroundings)
    }

    @Test(
        "A zone that the system has a file of is taken",
        arguments: [
            "Europe/Berlin", "UTC", "Etc/GMT+3", "America/Argentina/Buenos_Aires",
        ])
    func known(name: String) throws {
        #expect(try Self.load(name, [name]).gateway.timeZone == name)
    }

    @Test(
        "What it has no zone for is refused, and no way leads out of its folder",
        arguments: [
            "Mars/One", "zone.tab", "../../../etc/shadow", "/etc/localtime", "Europe//Berlin", "", "Europe/",
        ])
    func unknown(name: String) {
        #expect(throws: ConfigurationFaults.self) {
            try Self.load(name, ["../../../etc/shadow", "", "Europe/"])
        }
    }
}
