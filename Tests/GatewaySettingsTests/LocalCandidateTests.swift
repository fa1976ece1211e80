import GatewaySettings
import SettingsSchema
import Testing

@Suite("Where a model server is looked for, and what taking one means")
struct LocalCandidateTests {
    private static let key = ["OPENAI_API_KEY": "sk-1"]
    private static let found = Configuration.LocalCandidate.at(.llamaCpp, "http://127.0.0.1:8080/v1")

    private func places(_ configuration: Configuration) -> [[String]] {
        configuration.localCandidates.map { $0.map { "\($0.server.name) \($0.address)" } }
    }

    @Test func `This machine comes first, then the host of a container, the ports in their order`() throws {
        let expected = ["127.0.0.1", "host.docker.internal"].map { host in
            [
                "Ollama http://\(host):11434/v1", "llama.cpp http://\(host):8080/v1",
                "LM Studio http://\(host):1234/v1", "vLLM http://\(host):8000/v1",
            ]
        }
        #expect(try places(.of("{}")) == expected)
        #expect(try places(.of("{}", Self.key)) == expected)
        let own = ["OPENAI_BASE_URL": "http://127.0.0.1:8787/v1"]
        #expect(try places(.of("{}", own)) == expected)
    }

    @Test func `Nothing is looked for where flag, variable, file or base URL name an upstream`() throws {
        var flags = SettingsFlags()
        flags.upstream = "demo"
        #expect(try places(.of("{}", flags: flags)) == [])
        #expect(try places(.of("{}", ["MEMGATE_UPSTREAM": "demo"])) == [])
        #expect(try places(.of(#"{"upstreams": [{"url": "http://127.0.0.1:1/v1"}]}"#)) == [])
        #expect(try places(.of("{}", ["OPENAI_BASE_URL": "http://127.0.0.1:1/v1"])) == [])
    }

    @Test func `The ports of our own listeners are left out on every host`() throws {
        let json = #"{"gateway": {"listen": "127.0.0.1:8080", "admin": "127.0.0.1:1234"}}"#
        let ports = try Configuration.of(json).localCandidates.map { $0.map(\.address.port) }
        #expect(ports == [[11434, 8000], [11434, 8000]])
    }

    @Test(arguments: [[:], key])
    func `A found server wins over the demo model and OpenAI, and gets no key`(
        variables: [String: String]
    ) throws {
        let configuration = try Configuration.of("{}", variables).served(by: Self.found)
        let targets = configuration.upstreams.map(\.target.description)
        #expect(targets == ["http://127.0.0.1:8080/v1"])
        #expect(configuration.mainUpstream.key == nil)
        #expect(configuration.mainUpstream.keyField == nil)
        #expect(configuration.provenance.upstream == .localServer(.llamaCpp))
        #expect(configuration.localCandidates == [])
    }

    @Test func `That the key of OpenAI clients is left out is told, and what was told before stays`() throws {
        let variables = Self.key.merging(["OPENAI_BASE_URL": "http://127.0.0.1:8787/v1"]) { first, _ in first
        }
        let notes = try Configuration.of("{}", variables).served(by: Self.found).provenance.notes
        #expect(
            notes == [
                "OPENAI_BASE_URL is skipped as an upstream, since it is this gateway's own address.",
                "OPENAI_API_KEY is not sent to a server that was only found; with "
                    + "OPENAI_BASE_URL=https://api.openai.com/v1 the upstream is OpenAI.",
            ])
        #expect(try Configuration.of("{}").served(by: Self.found).provenance.notes.isEmpty)
    }

    @Test func `The credentials of keys do not go to a found server`() throws {
        let digest = String(repeating: "0a", count: 32)
        let json = #"{"keys": [{"name": "a", "sha256": "\#(digest)", "upstreamKey": "$env:TEAM"}]}"#
        let configuration = try Configuration.of(json, ["TEAM": "sk-team"]).served(by: Self.found)
        #expect(configuration.keys.map(\.name) == ["a"])
        #expect(configuration.keys.map { $0.upstreamKey == nil } == [true])
    }

    @Test func `Where nobody named the upstream to us, the reason says how to`() {
        let origins: [Configuration.UpstreamOrigin] =
            [.openAIBaseURL, .openAIKey, .nothingNamed] + LocalServer.allCases.map { .localServer($0) }
        let reasons = origins.map(\.reason)
        #expect(Set(reasons).count == origins.count)
        let ways = ["--upstream", "MEMGATE_UPSTREAM", "plugins.json"]
        #expect(reasons.allSatisfy { reason in ways.allSatisfy(reason.contains) })
    }
}

extension Configuration.LocalCandidate {
    /// A candidate whose URL is valid.
    fileprivate static func at(_ server: LocalServer, _ url: String) -> Self {
        guard let address = try? WebAddress(url) else { preconditionFailure("\(url) is a valid address") }
        return Self(server, at: address)
    }
}
