import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("Which upstream is taken, and why")
struct UpstreamChoiceTests {
    private static let file = """
        {"upstreams": [{"name": "house", "url": "http://127.0.0.1:11434/v1", "key": "$env:HOUSE"}]}
        """

    /// What came of a choice.
    private struct Taken: Equatable {
        let target: String
        let key: String?
        let origin: Configuration.UpstreamOrigin
        let notes: [String]

        init(_ target: String, _ key: String?, _ origin: Configuration.UpstreamOrigin, _ notes: [String]) {
            self.target = target
            self.key = key
            self.origin = origin
            self.notes = notes
        }
    }

    private func choice(
        _ json: String, _ variables: [String: String], flag: String? = nil
    ) throws -> Taken {
        var flags = SettingsFlags()
        flags.upstream = flag
        var variables = variables
        variables["HOUSE"] = "sk-house"
        let configuration = try Configuration.of(json, variables, flags: flags)
        let upstream = configuration.mainUpstream
        let notes = configuration.provenance.notes.filter { !$0.hasPrefix("This version") }
        return Taken(
            upstream.target.description, upstream.key?.reveal(), configuration.provenance.upstream, notes)
    }

    @Test func `Nothing named is the demo model`() throws {
        let choice = try choice("{}", [:])
        #expect(choice == Taken("demo", nil, .nothingNamed, []))
    }

    @Test func `A key of OpenAI clients alone means OpenAI`() throws {
        let choice = try choice("{}", ["OPENAI_API_KEY": "sk-1\n"])
        #expect(choice == Taken("https://api.openai.com/v1", "sk-1", .openAIKey, []))
    }

    @Test func `A base URL of OpenAI clients wins over the key alone and takes the key along`() throws {
        let both = ["OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": "https://api.example.com/v1/"]
        #expect(try choice("{}", both) == Taken("https://api.example.com/v1", "sk-1", .openAIBaseURL, []))
        let alone = ["OPENAI_BASE_URL": "http://127.0.0.1:1234/v1"]
        #expect(try choice("{}", alone) == Taken("http://127.0.0.1:1234/v1", nil, .openAIBaseURL, []))
    }

    @Test(arguments: [
        "http://127.0.0.1:8787/v1", "http://localhost:8787/u/anna/v1", "http://[::1]:8787",
        "http://0.0.0.0:8787/v1",
        "http://a.localhost:8787/v1", "http://127.0.0.1:8788",
    ])
    func `A base URL that is the gateway itself is skipped with a note`(url: String) throws {
        let note = "OPENAI_BASE_URL is skipped as an upstream, since it is this gateway's own address."
        let demo = try choice("{}", ["OPENAI_BASE_URL": url])
        #expect(demo == Taken("demo", nil, .nothingNamed, [note]))
        let openAI = try choice("{}", ["OPENAI_BASE_URL": url, "OPENAI_API_KEY": "sk-1"])
        #expect(openAI == Taken("https://api.openai.com/v1", "sk-1", .openAIKey, [note]))
    }

    @Test func `A URL without a path gets a note, since most servers want one`() throws {
        let note = "The upstream's URL http://127.0.0.1:11434 has no path; most servers want /v1 behind it."
        #expect(try choice("{}", [:], flag: "http://127.0.0.1:11434/").notes == [note])
        #expect(try choice("{}", [:], flag: "http://127.0.0.1:11434/v1").notes == [])
    }

    @Test func `Another port on this machine is not the gateway`() throws {
        #expect(try choice("{}", ["OPENAI_BASE_URL": "http://127.0.0.1:8789/v1"]).origin == .openAIBaseURL)
    }

    @Test func `A listener whose port the system chooses is nobody's upstream`() throws {
        let json =
            #"{"gateway": {"listen": "127.0.0.1:0", "admin": "127.0.0.1:0"}, "#
            + #""upstreams": [{"url": "http://127.0.0.1:8787/v1"}]}"#
        #expect(try choice(json, [:]).target == "http://127.0.0.1:8787/v1")
    }

    @Test func `The file wins over the variables of OpenAI clients, which then are not even looked at`()
        throws
    {
        let variables = ["OPENAI_BASE_URL": "nonsense", "OPENAI_API_KEY": "a\nb"]
        #expect(try choice(Self.file, variables) == Taken("http://127.0.0.1:11434/v1", "sk-house", .file, []))
    }

    @Test func `A variable wins over the file, a flag over both, and no key goes along`() throws {
        let variables = ["MEMGATE_UPSTREAM": "http://127.0.0.1:2/v1", "OPENAI_API_KEY": "sk-1"]
        let note = #" replaces the upstream "house" of the settings file, its key included."#
        let byVariable = try choice(Self.file, variables)
        #expect(byVariable == Taken("http://127.0.0.1:2/v1", nil, .variable, ["MEMGATE_UPSTREAM" + note]))
        let byFlag = try choice(Self.file, variables, flag: "demo")
        #expect(byFlag == Taken("demo", nil, .flag, ["--upstream" + note]))
    }

    @Test func `A flag that names the file's own URL keeps all that belongs to it`() throws {
        let choice = try choice(Self.file, [:], flag: "http://127.0.0.1:11434/v1/")
        #expect(choice == Taken("http://127.0.0.1:11434/v1", "sk-house", .flag, []))
    }

    @Test func `An upstream behind one that serves every model gets a note`() throws {
        func hidden(_ models: String) throws -> [String] {
            let json = """
                {"upstreams": [{"name": "a", "url": "http://127.0.0.1:1/v1"\(models)},
                               {"name": "b", "url": "http://127.0.0.1:2/v1", "models": ["gpt-*"]}]}
                """
            let configuration = try Configuration.load(
                plugins: .standard, surroundings: StubSurroundings(json, [:]))
            return configuration.provenance.notes.filter { $0.contains("No request reaches") }
        }
        #expect(try hidden("").map { $0.contains("\"b\": \"a\" before it") } == [true])
        #expect(try hidden(#","models":["qwen*"]"#) == [])
    }

    @Test func `The credentials of keys go to no server that the file does not name`() throws {
        let digest = String(repeating: "0a", count: 32)
        let json = """
            {"upstreams": [{"name": "house", "url": "http://127.0.0.1:11434/v1"}],
             "keys": [{"name": "a", "sha256": "\(digest)", "upstreamKey": "$env:TEAM"}]}
            """
        for (flag, expected) in [
            ("http://127.0.0.1:2/v1", nil), ("http://127.0.0.1:11434/v1", "sk-team"), (nil, "sk-team"),
        ] as [(String?, String?)] {
            var flags = SettingsFlags()
            flags.upstream = flag
            let configuration = try Configuration.load(
                plugins: .standard, flags: flags, surroundings: StubSurroundings(json, ["TEAM": "sk-team"]))
            #expect(configuration.keys.first?.upstreamKey?.reveal() == expected)
        }
    }

    @Test func `Own names count where the listener is open to all addresses, and only there`() throws {
        let open = #"{"gateway": {"listen": "0.0.0.0:8787", "open": true}}"#
        let narrow = #"{"gateway": {"listen": "127.0.0.1:8787"}}"#
        for (json, origin) in [(open, Configuration.UpstreamOrigin.nothingNamed), (narrow, .openAIBaseURL)] {
            let surroundings = StubSurroundings(json, ["OPENAI_BASE_URL": "http://Box.lan:8787/v1"])
            let configuration = try Configuration.load(
                plugins: .standard, surroundings: surroundings, ownNames: ["box.lan", "10.0.0.2"])
            #expect(configuration.provenance.upstream == origin)
        }
    }

    @Test func `Every origin has its reason, and without any there is nothing to note`() throws {
        let origins: [Configuration.UpstreamOrigin] = [
            .flag, .variable, .file, .openAIBaseURL, .openAIKey, .nothingNamed,
        ]
        #expect(Set(origins.map(\.reason)).count == origins.count)
        #expect(try Configuration.of("{}").provenance.notes.isEmpty)
    }
}
