import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("Flag before environment before file before default")
struct PrecedenceTests {
    private static let file = """
        {"gateway": {"listen": "127.0.0.1:1001", "admin": "127.0.0.1:1002", "data": "of-file", "open": false}}
        """
    private static let variables = [
        "MEMGATE_LISTEN": "127.0.0.1:2001", "MEMGATE_ADMIN": "127.0.0.1:2002", "MEMGATE_DATA": "of-variable",
        "MEMGATE_OPEN": "true",
    ]

    private func flags() -> SettingsFlags {
        var flags = SettingsFlags()
        flags.listen = "127.0.0.1:3001"
        flags.admin = "127.0.0.1:3002"
        flags.data = "of-flag"
        flags.open = true
        return flags
    }

    private func values(_ configuration: Configuration) -> [String] {
        let gateway = configuration.gateway
        return [gateway.listen.description, gateway.admin.description, gateway.data, "\(gateway.open)"]
    }

    @Test func `The file wins over defaults`() throws {
        let configuration = try Configuration.of(Self.file)
        #expect(values(configuration) == ["127.0.0.1:1001", "127.0.0.1:1002", "of-file", "false"])
    }

    @Test func `The environment wins over the file`() throws {
        let configuration = try Configuration.of(Self.file, Self.variables)
        #expect(values(configuration) == ["127.0.0.1:2001", "127.0.0.1:2002", "of-variable", "true"])
    }

    @Test func `Flags win over the environment`() throws {
        let configuration = try Configuration.of(Self.file, Self.variables, flags: flags())
        #expect(values(configuration) == ["127.0.0.1:3001", "127.0.0.1:3002", "of-flag", "true"])
    }

    @Test func `Flags win over defaults without a file`() throws {
        let configuration = try Configuration.load(
            plugins: .standard, flags: flags(), surroundings: StubSurroundings())
        #expect(values(configuration) == ["127.0.0.1:3001", "127.0.0.1:3002", "of-flag", "true"])
    }

    @Test func `An empty variable says nothing`() throws {
        let empty = Self.variables.mapValues { _ in "" }
        let configuration = try Configuration.of(Self.file, empty)
        #expect(values(configuration) == ["127.0.0.1:1001", "127.0.0.1:1002", "of-file", "false"])
    }

    @Test(arguments: [("true", true), ("1", true), ("false", false), ("0", false)])
    func `The variable for open takes the usual words, false too`(word: String, open: Bool) throws {
        let configuration = try Configuration.of(#"{"gateway": {"open": true}}"#, ["MEMGATE_OPEN": word])
        #expect(configuration.gateway.open == open)
    }

    @Test func `Open by flag or variable lets the listener be wide`() throws {
        var flags = SettingsFlags()
        flags.open = true
        let wide = #"{"gateway": {"listen": "0.0.0.0:8787"}}"#
        #expect(try Configuration.of(wide, flags: flags).gateway.listen.host.isAny)
        #expect(try Configuration.of(wide, ["MEMGATE_OPEN": "1"]).gateway.listen.host.isAny)
        #expect(Configuration.faults(wide).count == 1)
    }

    @Test func `A faulty value of the file is a fault although a flag wins over it`() {
        var flags = SettingsFlags()
        flags.listen = "127.0.0.1:9000"
        #expect(throws: ConfigurationFaults.self) {
            try Configuration.of(#"{"gateway": {"listen": 1}}"#, flags: flags)
        }
    }

    @Test func `The file is named by flag, then by variable, then plugins json`() throws {
        let surroundings = StubSurroundings(
            variables: ["MEMGATE_CONFIG": "of-variable.json"],
            files: [
                "plugins.json": Array(#"{"gateway": {"data": "0"}}"#.utf8),
                "of-variable.json": Array(#"{"gateway": {"data": "1"}}"#.utf8),
                "of-flag.json": Array(#"{"gateway": {"data": "2"}}"#.utf8),
            ])
        var flags = SettingsFlags()
        let byVariable = try Configuration.load(plugins: .standard, flags: flags, surroundings: surroundings)
        #expect(byVariable.gateway.data == "1" && byVariable.provenance.file == "of-variable.json")
        flags.config = "of-flag.json"
        let byFlag = try Configuration.load(plugins: .standard, flags: flags, surroundings: surroundings)
        #expect(byFlag.gateway.data == "2" && byFlag.provenance.file == "of-flag.json")
    }

    @Test func `A file that cannot be read is a fault even where nobody named it`() {
        var surroundings = StubSurroundings()
        surroundings.refusals["plugins.json"] = .refused("Permission denied")
        let faults = #expect(throws: ConfigurationFaults.self) {
            try Configuration.load(plugins: .standard, surroundings: surroundings)
        }
        let line =
            "plugins.json: found \"plugins.json\", a file that cannot be read (Permission denied); "
            + "allowed is a file of at most 4MiB that can be read. Correct the path or the file."
        #expect(faults?.lines == [line])
    }

    @Test func `A variable names a missing file and is told so`() {
        let faults = Configuration.faults("{}", ["MEMGATE_CONFIG": "gone.json"])
        #expect(
            faults.count == 1 && faults[0].hasPrefix("MEMGATE_CONFIG: found \"gone.json\", no such file;"))
    }

    @Test func `Every flag has its variable, and the ones of settings their sentences`() throws {
        let names = ["config", "upstream", "listen", "admin", "data", "open"]
        #expect(CommandFlag.all.map(\.name) == names)
        #expect(CommandFlag.all.map(\.variable) == names.map { "MEMGATE_\($0.uppercased())" })
        let listen = try #require(CommandFlag.all.first { $0.name == "listen" })
        #expect(listen.setting == "gateway.listen" && listen.defaultText == "\"127.0.0.1:8787\"")
        #expect(CommandFlag.all.allSatisfy { $0.sentence.hasSuffix(".") })
    }
}
