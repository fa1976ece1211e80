import GatewaySettings
import PluginInterface
import SettingsSchema
import StandardPlugins
import Testing

@Suite("Secrets")
struct SecretTests {
    private static let json = """
        {"gateway": {"adminToken": "$env:TOKEN"},
         "upstreams": [{"url": "https://api.example.com/v1", "key": "$file:/run/key", "proxy": "$env:PROXY",
                        "headers": {"X-Literal": "hush-literal", "X-Reference": "$env:TOKEN"}}]}
        """

    private func load() throws -> Configuration {
        try Configuration.load(
            plugins: .standard,
            surroundings: StubSurroundings(
                variables: ["TOKEN": "hush-token", "PROXY": "http://anna:hush-proxy@proxy:3128"],
                files: ["plugins.json": Array(Self.json.utf8), "/run/key": Array("hush-key\r\n".utf8)]))
    }

    @Test func `References are resolved`() throws {
        let configuration = try load()
        let upstream = configuration.mainUpstream
        #expect(configuration.gateway.adminToken?.reveal() == "hush-token")
        #expect(upstream.key?.reveal() == "hush-key")
        #expect(upstream.keyField?.name == "Authorization")
        #expect(upstream.keyField?.value.reveal() == "Bearer hush-key")
        #expect(upstream.proxy?.reveal() == "http://anna:hush-proxy@proxy:3128")
        #expect(upstream.headers.map { $0.value.reveal() } == ["hush-literal", "hush-token"])
    }

    @Test func `Nothing that prints or reflects a configuration shows a secret`() throws {
        let configuration = try load()
        var dumped = ""
        dump(configuration, to: &dumped)
        let field = try #require(configuration.mainUpstream.keyField)
        let texts = ["\(configuration)", String(reflecting: configuration), dumped, "\(field)"]
        for text in texts {
            #expect(!text.contains("hush"))
        }
        #expect(dumped.contains("$env:TOKEN") && dumped.contains("$file:/run/key"))
    }

    @Test func `A file that is no text is told without its content`() {
        let surroundings = StubSurroundings(
            files: [
                "plugins.json": Array(#"{"gateway": {"adminToken": "$file:k"}}"#.utf8),
                "k": [0x68, 0xFF, 0x68],
            ])
        let faults = #expect(throws: ConfigurationFaults.self) {
            try Configuration.load(plugins: .standard, surroundings: surroundings)
        }
        let line =
            #"gateway.adminToken: found "$file:k", a file that is not UTF-8; "#
            + #"allowed is a reference, "$env:NAME" or "$file:/path". Write the secret alone into it."#
        #expect(faults?.lines == [line])
    }

    @Test func `A file that is far too long is not read as a secret`() {
        let surroundings = StubSurroundings(
            files: [
                "plugins.json": Array(#"{"gateway": {"adminToken": "$file:k"}}"#.utf8),
                "k": [UInt8](repeating: 0x61, count: 65537),
            ])
        let faults = #expect(throws: ConfigurationFaults.self) {
            try Configuration.load(plugins: .standard, surroundings: surroundings)
        }
        #expect(faults?.lines.first?.contains("\"$file:k\", a file that is too long;") == true)
    }

    @Test func `Only the line ends behind a secret are dropped`() throws {
        #expect(try Secret(validating: " a b \r\n\n", source: .settings).reveal() == " a b ")
        #expect(throws: SettingRefusal.self) { try Secret(validating: "\n", source: .settings) }
        #expect(throws: SettingRefusal.self) { try Secret(validating: "a\nb", source: .settings) }
    }
}
